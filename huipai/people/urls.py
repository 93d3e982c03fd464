"""Below `/s/<slug>/`. The names without a namespace are the ones that allauth looks for."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from huipai.people.pages import counter, helping, inbox, own, settling, signin

_ours: list[URLPattern] = [
    path("sign-in/", signin.sign_in, name="sign_in"),
    path("sign-in/code/", signin.sign_in_code, name="sign_in_code"),
    path("sign-in/password/", signin.sign_in_password, name="sign_in_password"),
    path("sign-in/forgotten/", signin.forgotten, name="forgotten"),
    path("sign-out/", signin.sign_out, name="sign_out"),
    path("sign-out/everywhere/", signin.sign_out_everywhere, name="sign_out_everywhere"),
    path("privacy/", settling.privacy, name="privacy"),
    path("privacy/agree/", settling.agree, name="agree"),
    path("privacy/under-14/", settling.under_14, name="under_14"),
    path("me/password/", settling.password, name="password"),
    path("me/second-factor/", settling.second_factor, name="second_factor"),
    path("me/whose-number/", settling.whose_number, name="whose_number"),
    path("me/confirm-number/", settling.confirm_number, name="confirm_number"),
    path("me/", own.me, name="me"),
    path("me/name/", own.name, name="name"),
    path("me/identities/", own.identities, name="identities"),
    path("me/identities/<uuid:identity_id>/end/", own.end_identity, name="end_identity"),
    path("me/consents/", own.consents, name="consents"),
    path("me/consents/<slug:purpose>/give/", own.give, name="give"),
    path("me/consents/<slug:purpose>/withdraw/", own.withdraw, name="withdraw"),
    path("me/phone/", own.phone, name="phone"),
    path("me/phone/again/", own.phone_again, name="phone_again"),
    path("me/phone/<uuid:change_id>/cancel/", own.cancel_phone_change, name="cancel_phone_change"),
    path("me/leave/", own.leave, name="leave"),
    path("me/proxy/", helping.proxy, name="proxy"),
    path("me/proxy/invite/", helping.invite, name="invite"),
    path("me/proxy/help/", helping.help_elder, name="help_elder"),
    path("me/proxy/<uuid:proxy_id>/accept/", helping.accept, name="accept_proxy"),
    path("me/proxy/<uuid:proxy_id>/end/", helping.end, name="end_proxy"),
    path("me/wards/<uuid:person_id>/", helping.ward, name="ward"),
    path("me/wards/<uuid:person_id>/give/", helping.ward_give, name="ward_give"),
    path("me/wards/<uuid:person_id>/<slug:purpose>/withdraw/", helping.ward_withdraw, name="ward_withdraw"),
    path("counter/", counter.counter, name="counter"),
    path("counter/<uuid:person_id>/", counter.counter_person, name="counter_person"),
    path("counter/<uuid:person_id>/recognise/", counter.recognise, name="counter_recognise"),
    path("counter/<uuid:person_id>/second-factor/", counter.take_off_second_factor, name="counter_second_factor"),
    path("counter/<uuid:person_id>/consents/<str:purpose>/withdraw/", counter.withdraw, name="counter_withdraw"),
    path("counter/<uuid:person_id>/cancel/", counter.cancel, name="counter_cancel"),
    path(
        "counter/<uuid:person_id>/guardianships/<uuid:bond_id>/end/", counter.end_guardianship, name="end_guardianship"
    ),
    path("counter/<uuid:person_id>/birth-year/", counter.counter_birth_year, name="counter_birth_year"),
    path("counter/<uuid:person_id>/leave/", counter.counter_leave, name="counter_leave"),
    path("counter/<uuid:person_id>/ward/", counter.counter_ward, name="counter_ward"),
    path("counter/identities/<uuid:identity_id>/confirm/", counter.confirm_identity, name="confirm_identity"),
]
if not settings.IS_PRODUCTION:
    _ours.append(path("inbox/", inbox.inbox, name="inbox_dev"))

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include((_ours, "people"))),
    path("sign-in/second/", signin.second_step, name="mfa_authenticate"),
    path("sign-in/again/", signin.sign_in, name="account_login"),
]
