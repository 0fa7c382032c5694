"""The mapping of a draft: one column at a time, as a whole, and kept for the next year."""

from __future__ import annotations

from collections.abc import Mapping as ReadOnly
from dataclasses import asdict, replace

from django.db import transaction
from django.utils.translation import gettext as _

from xingtan.domains.indicators.capabilities import IMPORT
from xingtan.domains.indicators.models import ImportDraft, MappingTemplate
from xingtan.domains.indicators.selectors.imports import template_get
from xingtan.domains.indicators.services.imports import demand_open, draft_get, draft_set_mapping, draft_start
from xingtan.domains.indicators.services.inspection import columns_of, source_of
from xingtan.domains.indicators.services.intake import ImportRefused
from xingtan.domains.indicators.services.mapping_edit import Choice, Columns, MappingRefused, Use, assign, start
from xingtan.engines import tables as engine
from xingtan.engines.tables.mapping import Source
from xingtan.engines.tables.values import tidy
from xingtan.platform.audit import api as audit
from xingtan.platform.orgscope.actor import Actor

Sentinels = ReadOnly[str, engine.Reason]


def mapping_of(draft: ImportDraft) -> engine.Mapping | None:
    """The mapping of a draft, None while it has none."""
    return engine.parse_mapping(draft.mapping) if draft.mapping else None


def column_assign(*, actor: Actor, draft_id: int, letter: str, choice: Choice) -> ImportDraft:
    """Say what one column means; raise `MappingRefused`, or `engine.MappingError` for a value that cannot be."""
    with transaction.atomic():
        draft = draft_get(actor=actor, draft_id=draft_id, lock=True)
        columns = Columns(columns_of(draft))
        if letter not in columns.letters:
            raise MappingRefused(_("The table has no column %s.") % letter)
        mapping = mapping_of(draft)
        if mapping is None:
            if choice.use is not Use.CODE:
                raise MappingRefused(_("Say first which column is the school code."))
            mapping = start(columns, letter, name=draft.file.name)
        else:
            mapping = assign(mapping, columns, letter, choice)
        draft_set_mapping(actor=actor, draft_id=draft_id, text=engine.dump_mapping(mapping))
        draft.refresh_from_db(fields=["mapping", "state", "report"])
    return draft


def table_options_set(*, actor: Actor, draft_id: int, source: Source, sentinels: Sentinels) -> bool:
    """How the whole table is read; returns whether it must be looked at anew, and then queues that."""
    with transaction.atomic():
        draft = draft_get(actor=actor, draft_id=draft_id, lock=True)
        demand_open(draft)
        before, mapping = source_of(draft), mapping_of(draft)
        if mapping is None:
            draft.inspection = {**draft.inspection, "source": asdict(source)}
            draft.save(update_fields=["inspection"])
        else:
            changed = replace(mapping, source=source, sentinels=dict(sentinels))
            draft_set_mapping(actor=actor, draft_id=draft_id, text=engine.dump_mapping(changed))
        keys = ("sheet", "header_rows", "encoding", "delimiter")
        again = not columns_of(draft) or any(getattr(source, key) != getattr(before, key) for key in keys)
        if again:
            draft_start(actor=actor, draft_id=draft_id, step="inspect")
    return again


def mapping_keep(*, actor: Actor, draft_id: int, name: str) -> MappingTemplate:
    """Keep the mapping of a draft under a name, in place of one kept under the same name before."""
    name = tidy(name)[:120]
    if not name:
        raise ImportRefused(_("Give the mapping a name."))
    with transaction.atomic():
        draft = draft_get(actor=actor, draft_id=draft_id, lock=True)
        if not draft.mapping:
            raise ImportRefused(_("Say first what the columns mean."))
        rows = MappingTemplate.objects.visible_to(actor, IMPORT)
        template = rows.filter(org_path=draft.org_path, name=name).first() or MappingTemplate(
            org_path=draft.org_path, name=name, created_by_id=actor.user_id
        )
        template.text = draft.mapping
        template.save()
        audit.record(
            actor=actor, action="indicators.mapping.keep", object_type="mapping_template", object_id=template.pk,
            org_path=draft.org_path, data={"name": name},
        )  # fmt: skip
    return template


def mapping_take(*, actor: Actor, draft_id: int, template_id: int) -> engine.Mapping:
    """Give a draft the mapping kept in a template; raise `MappingTemplate.DoesNotExist` for one out of sight."""
    template = template_get(actor=actor, template_id=template_id)
    return draft_set_mapping(actor=actor, draft_id=draft_id, text=template.text)


def mapping_reset(*, actor: Actor, draft_id: int) -> engine.Mapping:
    """Go back to the mapping that the inspection proposed."""
    proposal = draft_get(actor=actor, draft_id=draft_id).inspection.get("proposal", "")
    if not proposal:
        raise ImportRefused(_("There is no proposal for this table."))
    return draft_set_mapping(actor=actor, draft_id=draft_id, text=proposal)
