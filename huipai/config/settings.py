"""All settings, flat and typed. The environment is read here and nowhere else, by helpers that fail loudly."""

from pathlib import Path

from django.utils.translation import gettext_lazy as _

from huipai.config.databases import database
from huipai.config.environment import (
    DEMO_SECRET,
    env,
    env_certificate,
    env_choice,
    env_folder,
    env_gateway,
    env_hosts,
    env_int,
    env_mail_host,
    env_mode,
    env_options,
    env_origin,
    env_origins,
    env_secret,
    env_sender,
    env_tiles,
    env_token,
    origin_of,
)

BASE_DIR = Path(__file__).resolve().parents[2]
MODE = env_mode("HUIPAI_MODE", "demo", {"demo", "test", "production"})
IS_PRODUCTION = MODE == "production"
DEBUG = False
SECRET_KEY = env_secret("HUIPAI_SECRET_KEY", None if IS_PRODUCTION else DEMO_SECRET)
ALLOWED_HOSTS = env_hosts("HUIPAI_HOSTS", None if IS_PRODUCTION else "localhost,127.0.0.1,[::1],testserver")
CSRF_TRUSTED_ORIGINS = env_origins("HUIPAI_ORIGINS")
# The certificate of the authority under which `--tls` serves: offered to phones at /ca.crt.
TLS_AUTHORITY = env_certificate("HUIPAI_TLS_AUTHORITY")
# Under which name pages are reached from outside: it stands in messages, with the link that stops them.
PUBLIC_URL = env_origin("HUIPAI_PUBLIC_URL", next((one for one in CSRF_TRUSTED_ORIGINS if "*" not in one), ""))

INSTALLED_APPS = [
    "huipai.config",
    "huipai.web",
    "huipai.cases",
    "huipai.households",
    "huipai.shop",
    "huipai.points",
    "huipai.rulebook",
    "huipai.stations",
    "huipai.photos",
    "huipai.audit",
    "huipai.grid",
    "huipai.notices",
    "huipai.people",
    "huipai.journal",
    "huipai.senders",
    "huipai.workdays",
    "huipai.streets",
    "procrastinate.contrib.django",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "huipai.web.middleware.SecurityHeaders",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "huipai.web.middleware.Heads",
    "huipai.web.middleware.Language",
    "huipai.web.middleware.PlainRequest",
    "huipai.streets.http.StreetMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "huipai.people.http.PersonMiddleware",
    "huipai.web.middleware.RefusalPages",
    "huipai.web.middleware.PlainText",
]
ROOT_URLCONF = "huipai.config.urls"
WSGI_APPLICATION = "huipai.config.wsgi.application"
TEMPLATES: list[dict[str, object]] = [
    {
        "NAME": "jinja",
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "APP_DIRS": False,
        "DIRS": [str(path) for path in sorted((BASE_DIR / "huipai").glob("*/templates"))],
        "OPTIONS": {
            "environment": "huipai.web.jinja.environment",
            # All of ours are kept: a cache that forgets walks a list of what it holds for each that it finds.
            "cache_size": -1,
            "context_processors": ["huipai.web.context.page"],
        },
    },
    {
        "NAME": "django",
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
    },
]

# `python -m huipai` starts the embedded server and names it here; production names its own.
DATABASES = {
    "default": database(
        env("DATABASE_URL", None if IS_PRODUCTION else "postgresql:///huipai"),
        # No page waits longer than a person would; a worker's long statement raises it for itself.
        timeout=env_int("HUIPAI_STATEMENT_TIMEOUT_MS", 15000, least=100),
        # In tests every thread lets go at once, so that the test database can be dropped.
        kept_seconds=0 if MODE == "test" else 600,
    )
}
# How long a process keeps what it knows of a street; what an operator changes shows after this time.
STREET_KEPT_SECONDS = 0 if MODE == "test" else 5
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "people.Account"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"

# Signing in: residents by a code to their phone, staff by password and one-time password; allauth carries both.
AUTHENTICATION_BACKENDS = ["huipai.people.backends.Backend"]
PASSWORD_HASHERS = [
    *(["django.contrib.auth.hashers.MD5PasswordHasher"] if MODE == "test" else []),
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS: list[dict[str, object]] = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "huipai.people.passwords.NotThePhone"},
    {"NAME": "huipai.people.passwords.NotTheOldOne"},
]
ACCOUNT_ADAPTER = "huipai.people.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"phone"}
ACCOUNT_SIGNUP_FIELDS = ["phone*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_PREVENT_ENUMERATION = "strict"
ACCOUNT_SESSION_REMEMBER = True
# Every limit is counted in PostgreSQL (people.commands.limits), where two processes cannot overlook each other.
ACCOUNT_RATE_LIMITS = {"login_failed": None, "login": None}
ALLAUTH_TRUSTED_PROXY_COUNT = env_int("HUIPAI_TRUSTED_PROXIES", 0, most=9)
MFA_ADAPTER = "huipai.people.adapters.SecondFactorAdapter"
MFA_TOTP_ISSUER = "慧拍"
SESSION_ENGINE = "huipai.people.sessions"
SESSION_COOKIE_AGE = 30 * 24 * 3600
# In demo mode staff may come in by a code too, and one fixed code opens every demo account.
STAFF_MUST_USE_PASSWORD = MODE != "demo"
SECOND_FACTOR_FOR_ADMINS = MODE != "demo"
# The demo's numbers were confirmed in the year that was seeded; they do not come back as somebody else's.
NUMBERS_GROW_OLD = MODE != "demo"
FIXED_CODE = "246810" if MODE == "demo" else ""

# Messages leave by these; a channel that is not configured says so instead of swallowing what is sent.
SMS_GATEWAY_URL = env_gateway("HUIPAI_SMS_GATEWAY_URL")
SMS_GATEWAY_TOKEN = env_token("HUIPAI_SMS_GATEWAY_TOKEN")
EMAIL_HOST = env_mail_host("HUIPAI_MAIL_HOST")
EMAIL_PORT = env_int("HUIPAI_MAIL_PORT", 25, least=1, most=65535)
DEFAULT_FROM_EMAIL = env_sender("HUIPAI_MAIL_FROM", "huipai@localhost")
SENDERS = {
    "sms": "huipai.senders.transports.SmsGateway" if SMS_GATEWAY_URL else "huipai.senders.transports.Unconfigured",
    "mail": "huipai.senders.transports.Mail" if EMAIL_HOST else "huipai.senders.transports.Unconfigured",
    "wechat": "huipai.senders.transports.Unconfigured",
    "webpush": "huipai.senders.transports.Unconfigured",
}
if not IS_PRODUCTION:
    SENDERS = {channel: "huipai.senders.transports.DevelopmentInbox" for channel in SENDERS}

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("中文")), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

STATIC_URL = "/static/"
# Files are served from where they were built; a folder is named only for another server to serve them.
STATIC_ROOT = env_folder("HUIPAI_STATIC_ROOT", "") or None
MEDIA_ROOT = Path(env_folder("HUIPAI_MEDIA_ROOT", str(BASE_DIR / "var" / "media")))
# How many reports one person sends, so that nobody floods the workers; 0: as many as they like.
REPORTS_AN_HOUR = env_int("HUIPAI_REPORTS_AN_HOUR", 0 if MODE == "test" else 20)
REPORTS_A_DAY = env_int("HUIPAI_REPORTS_A_DAY", 0 if MODE == "test" else 60)
REPORTS_AT_A_PLACE = env_int("HUIPAI_REPORTS_AT_A_PLACE", 0 if MODE == "test" else 3)
COUNTER_REPORTS_A_DAY = env_int("HUIPAI_COUNTER_REPORTS_A_DAY", 0 if MODE == "test" else 300)
# Photos: a folder that is written once, or any other Django storage (S3 through one that the operator installs).
STORAGES: dict[str, dict[str, object]] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    "photos": {
        "BACKEND": env("HUIPAI_PHOTO_STORAGE", "huipai.photos.storage.SealedFolder"),
        "OPTIONS": env_options("HUIPAI_PHOTO_STORAGE_OPTIONS", {"location": str(MEDIA_ROOT / "photos")}),
    },
    "attachments": {
        "BACKEND": env("HUIPAI_ATTACHMENT_STORAGE", "huipai.photos.storage.SealedFolder"),
        "OPTIONS": env_options("HUIPAI_ATTACHMENT_STORAGE_OPTIONS", {"location": str(MEDIA_ROOT / "attachments")}),
    },
}
# Every upload is streamed to a file that cannot grow beyond the limit.
FILE_UPLOAD_HANDLERS = ["huipai.photos.uploads.BoundedUploadHandler"]
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
WHITENOISE_IMMUTABLE_FILE_TEST = r"^.+/assets/[^/]+-[0-9A-Za-z_-]{8}\.[a-z]+$"
CSRF_FAILURE_VIEW = "huipai.web.errors.csrf_failure"

# The type in which case files are printed; it comes with the locked front-end packages and is embedded in each file.
PRINT_FONTS = BASE_DIR / "frontend" / "node_modules" / "@expo-google-fonts" / "noto-sans-sc"
# 天地图 or another raster service, for example "https://t0.example/{z}/{x}/{y}"; empty: only our own drawing.
MAP_TILES_URL = env_tiles("HUIPAI_MAP_TILES_URL")
MAP_TILES_ORIGIN = origin_of(MAP_TILES_URL)

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
# No other address than one of HTTPS leads here.
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_PRODUCTION or bool(TLS_AUTHORITY)
# A proxy of ours says whether the visitor came by HTTPS; without one nobody is believed.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ALLAUTH_TRUSTED_PROXY_COUNT else None
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31536000 if IS_PRODUCTION else 0
X_FRAME_OPTIONS = "DENY"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# Jobs live in the same database and are found by their tasks' modules.
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"
PROCRASTINATE_ON_APP_READY = "huipai.config.wiring.connect"

LOG_LEVELS = {"DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"}
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": env_choice("HUIPAI_LOG_LEVEL", "WARNING", LOG_LEVELS)},
}
