"""Addresses of the user interface itself."""

from __future__ import annotations

from django.urls import path

from xingtan.platform.ui import views

app_name = "ui"

urlpatterns = [path("preferences/", views.set_preferences, name="preferences")]
