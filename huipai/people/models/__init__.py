"""Sign-in, which is the same in all streets, and the person that somebody is in one street."""

from huipai.people.models.account import Account, new_session_mark, no_password
from huipai.people.models.bonds import Guardianship, Proxy
from huipai.people.models.consent import Consent, ConsentText
from huipai.people.models.person import Identity, Person
from huipai.people.models.phone import PhoneChange
from huipai.people.models.signin import CodeBudget, SignInCode, SignInTry

__all__ = [
    "Account",
    "CodeBudget",
    "Consent",
    "ConsentText",
    "Guardianship",
    "Identity",
    "Person",
    "PhoneChange",
    "Proxy",
    "SignInCode",
    "SignInTry",
    "new_session_mark",
    "no_password",
]
