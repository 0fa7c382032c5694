"""Models that belong to an organisation, and the manager that refuses to read them without a scope."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Generic, Self, TypeVar

from django.db import models
from django.db.models import Q

from xingtan.platform.orgscope.actor import Actor
from xingtan.platform.orgscope.paths import MAX_LENGTH, bounds

M = TypeVar("M", bound=models.Model)


class ScopeMissing(RuntimeError):
    """A scoped model was queried without `visible_to` or `unscoped`: a programming error, never a user's."""


class OrgPathField(models.CharField[str, str]):
    """An organisation path, compared byte by byte on every database."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", MAX_LENGTH)
        super().__init__(*args, **kwargs)

    def db_parameters(self, connection: Any) -> Any:
        parameters = super().db_parameters(connection)
        # SQLite already compares text by bytes and knows no collation named C.
        parameters["collation"] = "C" if connection.vendor == "postgresql" else None
        return parameters


def path_range(path: str, field: str = "org_path") -> Q:
    """The rows whose path lies in the subtree of `path`."""
    if not path:
        return Q()
    low, high = bounds(path)
    return Q(**{f"{field}__gte": low, f"{field}__lt": high})


def within(actor: Actor, capability: str, field: str = "org_path") -> Q:
    """The rows on which the actor holds a capability: the one condition lists, details, counts and exports share."""
    condition = Q(pk__in=())
    for root in actor.paths(capability):
        if not root:
            return Q()
        condition |= path_range(root, field)
    return condition


class ScopedQuerySet(models.QuerySet[M, M], Generic[M]):
    """Raises `ScopeMissing` on every read or bulk write until a scope is stated."""

    _scope_stated = False

    def _clone(self) -> Self:
        clone: Self = super()._clone()  # type: ignore[misc]
        clone._scope_stated = self._scope_stated
        return clone

    def visible_to(self, actor: Actor, capability: str) -> Self:
        """Only rows in organisations where the actor holds the capability."""
        return self.filter(within(actor, capability, self._scope_field())).unscoped(reason="filtered by actor")

    def in_subtree(self, path: str) -> Self:
        """Narrow to a subtree; states no scope by itself."""
        return self.filter(path_range(path, self._scope_field()))

    def unscoped(self, *, reason: str) -> Self:
        """All rows. The reason is for the reader of the code; services give it after their own check."""
        if not reason:
            raise ValueError("unscoped() states its reason")
        clone = self._chain()  # type: ignore[attr-defined]
        clone._scope_stated = True
        return clone  # type: ignore[no-any-return]

    def _scope_field(self) -> str:
        return getattr(self.model, "SCOPE_FIELD", "org_path")

    def _demand_scope(self) -> None:
        if not self._scope_stated:
            raise ScopeMissing(f"{self.model.__name__}: call visible_to(actor, capability) or unscoped(reason=…)")

    def _fetch_all(self) -> None:
        self._demand_scope()
        super()._fetch_all()

    def iterator(self, *args: Any, **kwargs: Any) -> Iterator[M]:
        self._demand_scope()
        return super().iterator(*args, **kwargs)

    def count(self) -> int:
        self._demand_scope()
        return super().count()

    def exists(self) -> bool:
        self._demand_scope()
        return super().exists()

    def aggregate(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        self._demand_scope()
        return super().aggregate(*args, **kwargs)

    def update(self, **kwargs: Any) -> int:
        self._demand_scope()
        return super().update(**kwargs)

    def delete(self) -> tuple[int, dict[str, int]]:
        self._demand_scope()
        return super().delete()


class ScopedManager(models.Manager[M]):
    """The default manager of a scoped model; Django's own bookkeeping goes through `_base_manager`."""

    def get_queryset(self) -> ScopedQuerySet[M]:
        return ScopedQuerySet(self.model, using=self._db)

    def visible_to(self, actor: Actor, capability: str) -> ScopedQuerySet[M]:
        return self.get_queryset().visible_to(actor, capability)

    def unscoped(self, *, reason: str) -> ScopedQuerySet[M]:
        return self.get_queryset().unscoped(reason=reason)


class ScopedModel(models.Model):
    """A row that belongs to the organisation at `org_path`."""

    org_path = OrgPathField()

    objects = ScopedManager()

    class Meta:
        abstract = True
