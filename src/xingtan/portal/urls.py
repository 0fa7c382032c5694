"""Addresses of the home page and the cockpit."""

from __future__ import annotations

from django.urls import path

from xingtan.portal.views import cockpit, home, wall

urlpatterns = [
    path("", home.home, name="home"),
    path("cockpit/", cockpit.cockpit, name="cockpit"),
    path("cockpit/trend/", cockpit.school_trend, name="cockpit_trend"),
    path("cockpit/wall/", wall.wall, name="cockpit_wall"),
    path("cockpit/<slug:part>.xlsx", cockpit.cockpit_excel, name="cockpit_excel"),
]
