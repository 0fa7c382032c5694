from __future__ import annotations

from django.urls import path

from xingtan.platform.jobs import views

urlpatterns = [path("jobs/<int:job_id>/", views.job_progress, name="job_progress")]
