"""The annual report on education informatisation: its data model, its wording, its Word template, its rendering.

Plain Python without the database. The governance domain fills :class:`.report_model.AnnualReport` and calls
:func:`.render.render_annual_report`.
"""
