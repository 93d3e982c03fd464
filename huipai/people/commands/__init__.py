"""Everything that can happen to accounts and people."""

from huipai.people.commands.accounts import (
    AccountIsClosed,
    NotAPhone,
    PasswordNeeded,
    open_account,
    phone_of,
    sign_in_by_code,
    sign_out_everywhere,
    visit,
    welcome,
)
from huipai.people.commands.codes import CodeExpired, CodeSpent, Request, WrongCode, send_code, use_code
from huipai.people.commands.consents import give_consent
from huipai.people.commands.limits import BudgetSpent, TooManyCodes, TooManyTries, forgive, spend_try
from huipai.people.commands.passwords import (
    NoPasswordHere,
    WeakPassword,
    WrongPassword,
    change_password,
    reset_password,
    set_password_for,
)
from huipai.people.commands.persons import WithoutAccount, account_id_of, enter_at_counter, register, rename
from huipai.people.commands.second_factor import (
    AlreadySet,
    SecondFactorUsed,
    WrongSecondFactor,
    remove_second_factor,
    require_second_factor,
    set_second_factor,
    take_second_factor,
)
from huipai.people.commands.staff import close_account, dismiss, employ

__all__ = [
    "AccountIsClosed",
    "AlreadySet",
    "BudgetSpent",
    "CodeExpired",
    "CodeSpent",
    "NoPasswordHere",
    "NotAPhone",
    "PasswordNeeded",
    "Request",
    "SecondFactorUsed",
    "TooManyCodes",
    "TooManyTries",
    "WeakPassword",
    "WithoutAccount",
    "WrongCode",
    "WrongPassword",
    "WrongSecondFactor",
    "account_id_of",
    "change_password",
    "close_account",
    "dismiss",
    "employ",
    "enter_at_counter",
    "forgive",
    "give_consent",
    "open_account",
    "phone_of",
    "register",
    "remove_second_factor",
    "rename",
    "require_second_factor",
    "reset_password",
    "send_code",
    "set_password_for",
    "set_second_factor",
    "sign_in_by_code",
    "sign_out_everywhere",
    "spend_try",
    "take_second_factor",
    "use_code",
    "visit",
    "welcome",
]
