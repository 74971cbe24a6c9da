"""Django's settings, the same for every party: each party's own database is an alias added by ``connect``."""

from __future__ import annotations

SECRET_KEY = "unused: no session, cookie or signed value is made with it"
INSTALLED_APPS = ["countermark.adapters.db"]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
USE_TZ = True
TIME_ZONE = "UTC"
ROOT_URLCONF = "countermark.desk.urls"
MIDDLEWARE: list[str] = []
ALLOWED_HOSTS = ["*"]
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
LOGGING_CONFIG = None
