from __future__ import annotations

from django.urls import path

from xingtan.domains.governance.views import reports

urlpatterns = [
    path("", reports.report_list, name="report_list"),
    path("stamps/", reports.report_stamp, name="report_stamp"),
    path("templates/", reports.template_list, name="report_templates"),
    path("templates/shipped/", reports.template_shipped, name="report_template_shipped"),
    path("<int:report_id>/", reports.report_page, name="report"),
    path("<int:report_id>/pages/<int:number>/", reports.report_picture, name="report_picture"),
    path("<int:report_id>/<str:kind>/", reports.report_file, name="report_file"),
]
