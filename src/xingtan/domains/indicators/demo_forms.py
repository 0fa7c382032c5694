"""The annual forms of the demo city: from people and traits to every data element, consistent with each other.

Each function gives the elements of one group as {element code: array over `Ground.rows`}. The rules they keep are
those that a careful statistician would check: parts do not exceed wholes, nothing networked without a network,
spending adds up, last year's budget is the budget of last year's form.
"""

from __future__ import annotations

import numpy as np

from xingtan.domains.directory.demo import NEWEST_YEAR
from xingtan.domains.directory.types import AreaType, Stage
from xingtan.domains.indicators.demo_ground import SEAT, TOWNSHIP, VILLAGE, Flags, Ground, Numbers, Roll, whole

Form = dict[str, Numbers]
COMPULSORY = ("primary", "junior")


def full_form(ground: Ground, year: int) -> Form:
    """Every element of the form of a year, for all schools, whether they are asked or not."""
    roll = ground.roll(year)
    form: Form = {}
    for part in (_school, _pupils, _flows, _rooms, _areas, _network, _staff, _qualified):
        form |= part(ground, year, roll)
    form |= _equipment(ground, year, roll, form)
    form |= _training(ground, year, roll)
    form |= _use(ground, year, roll, form)
    form |= _funds(ground, year, roll)
    return form


def _part(whole_of: Numbers, share: Numbers) -> Numbers:
    """A whole number of things, that share of the whole, never more than the whole."""
    return np.minimum(whole(whole_of * np.clip(share, 0.0, 1.0)), whole_of)


def _yes(flags: Flags) -> Numbers:
    return flags.astype(np.float64)


def _school(ground: Ground, year: int, roll: Roll) -> Form:
    level = ground.level(year)
    built = 1962 + whole(52 * ground.uniform("built") + 6 * (ground.rank == SEAT))
    central = (ground.area == AreaType.URBAN) & (ground.prosperity > 0.75)
    return {
        "school_rank": ground.rank.astype(np.float64),
        "built_year": np.where(ground.opened > 0, ground.opened - 1, built),
        "dense_centre": _yes(central & (ground.uniform("dense") < 0.25)),
        "quality_senior": _yes(ground.quality > 0.62),
        "digital_campus": _yes(ground.uniform("digital") < level - 0.08),
        "ict_charter": _yes(ground.uniform("charter") < 0.55 + 0.5 * level),
        "choice_timetabling": _yes(ground.uniform("choice") < 0.35 + 0.6 * level),
    }


def _pupils(ground: Ground, year: int, roll: Roll) -> Form:
    form: Form = {}
    for stage in roll.pupils:
        form[f"pupils_{stage}"] = roll.pupils[stage]
        form[f"classes_{stage}"] = roll.classes[stage]
        form[f"largest_class_{stage}"] = roll.largest[stage]
    for stage in COMPULSORY:
        base = _part(roll.pupils[stage], ground.by_area(0.98, 0.9, 0.8) + 0.05 * ground.bell("day", stage))
        form[f"zoning_base_{stage}"] = base
        loss = ground.by_area(0.03, 0.012, 0.0) * ground.uniform("zoned", stage)
        form[f"zoned_{stage}"] = _part(base, 1 - loss * (ground.uniform("strict", stage) > 0.6))
    compulsory = roll.pupils["primary"] + roll.pupils["junior"]
    migrants = _part(compulsory, ground.by_area(0.11, 0.04, 0.01) * (0.5 + ground.uniform("migrants")))
    form["migrants_eligible"] = migrants
    form["migrants_placed"] = _part(migrants, 0.84 + 0.16 * ground.level(year) + 0.04 * ground.bell("placed"))
    form["pupils_special"] = np.where(ground.stage == Stage.SPECIAL, roll.other_pupils, 0.0)
    return form


def _flows(ground: Ground, year: int, roll: Roll) -> Form:
    """Three years of a junior high cohort, and the plan of a senior high school."""
    entrants = whole(roll.pupils["junior"] / 3 * (1 + 0.05 * ground.bell("entrants", year)))
    deceased = np.minimum(_yes(ground.uniform("deceased", year) < 0.01), entrants)
    left = whole(entrants * 0.15 * (1 - ground.quality) * ground.uniform("left", year))
    moved_in = whole(entrants * 0.05 * ground.uniform("in", year))
    moved_out = whole(entrants * 0.05 * ground.uniform("out", year))
    plan = whole(roll.pupils["senior"] / 3)
    quota = np.where(ground.quality > 0.62, 0.48 + 0.2 * ground.uniform("quota"), 0.15)
    return {
        "entrants_junior": entrants, "deceased_junior": deceased, "transferred_in_junior": moved_in,
        "transferred_out_junior": moved_out,
        "graduates_junior": np.maximum(entrants - deceased - left + moved_in - moved_out, 0.0),
        "admission_plan": plan, "admission_quota": _part(plan, quota),
    }  # fmt: skip


def _rooms(ground: Ground, year: int, roll: Roll) -> Form:
    level = ground.level(year)
    spare = np.where(
        ground.rank == VILLAGE, 1 + 2 * ground.uniform("spare"), roll.all_classes * 0.16 * ground.uniform("spare")
    )
    ordinary = roll.all_classes + np.ceil(spare)
    share = 0.47 + 0.58 * level + 0.08 * ground.bell("multimedia")
    equipped = _part(ordinary, np.where(share > 0.87, 1.0, share))
    special = np.floor(2.5 * level * ground.uniform("special"))
    form = {
        "rooms_ordinary": ordinary, "rooms_ordinary_multimedia": equipped,
        "rooms_multimedia": np.minimum(equipped + special, ordinary),
        "classes_multimedia": np.minimum(roll.all_classes, equipped),
    }  # fmt: skip
    due = np.ceil((roll.classes["primary"] + roll.classes["junior"]) / 12)
    for subject in ("music", "art"):
        luck = ground.uniform(subject)
        step = np.where(luck < 0.42 - 0.4 * level, -1.0, np.where(luck > 0.9, 1.0, 0.0))
        form[f"rooms_{subject}"] = np.maximum(due + step, 0.0)
    return form


def _areas(ground: Ground, year: int, roll: Roll) -> Form:
    """Areas follow what the buildings were made for, in whole square metres."""
    capacity = ground.capacity()
    older = 1 + 0.25 * (ground.teaches["junior"] | ground.teaches["senior"])
    floor = ground.by_area(4.5, 5.1, 6.6) + 0.9 * ground.bell("floor") + 0.9 * (ground.quality - 0.5)
    yard = ground.by_area(7.0, 9.2, 14.0) + ground.by_area(1.7, 2.2, 4.0) * ground.bell("yard")
    hall = (ground.rank == SEAT) & (ground.uniform("hall") < 0.25 + 0.6 * ground.quality)
    indoor = np.where(hall, whole(500 + 900 * ground.uniform("hall size")), 0.0)
    form = {
        "floor_area_teaching": whole(np.maximum(floor, 2.6) * older * capacity) + indoor,
        "floor_area_indoor_sports": indoor,
        "sports_area_outdoor": whole(np.maximum(yard, 2.2) * older * capacity),
    }
    dense = _school(ground, year, roll)["dense_centre"] > 0
    form["sports_area_leased"] = np.where(dense, whole(capacity * 1.4 * ground.uniform("leased")), 0.0)
    return form


def _network(ground: Ground, year: int, roll: Roll) -> Form:
    level = ground.level(year)
    online = ground.uniform("internet") < 0.9 + 0.22 * level - ground.by_rank(0.05, 0.0, -0.1)
    reach = level + 0.10 * ground.bell("uplink") + ground.by_rank(-0.06, 0.0, 0.12)
    uplink = np.select([reach < edge for edge in (0.08, 0.24, 0.48, 0.72, 0.92)], [20, 50, 100, 200, 500], 1000)
    desk = np.select([reach < edge for edge in (0.06, 0.16, 0.75)], [10, 50, 100], 1000)
    graded = _yes(ground.rank == SEAT) + _yes(ground.teaches["senior"]) + _yes(ground.uniform("graded") < 0.2)
    wired = _part(roll.all_classes, 0.66 + 0.5 * level + 0.08 * ground.bell("online"))
    return {
        "internet": _yes(online), "uplink_mbps": np.where(online, uplink, 0.0),
        "desktop_mbps": np.where(online, desk, 0.0),
        "wireless": _yes(online & (ground.uniform("wireless") < 0.15 + 0.95 * level)),
        "campus_network_10m": _yes(online & (ground.uniform("campus net") < 0.9 + 0.15 * level)),
        "points_full_100m": _yes(online & (desk >= 100) & (ground.uniform("points") < 0.3 + 0.8 * level)),
        "classes_online": np.where(online, wired, 0.0),
        "systems_graded": graded,
        "systems_tested": _part(graded, np.where(ground.uniform("tested", year) < 0.55 + 0.45 * level, 1.0, 0.4)),
    }  # fmt: skip


def _staff(ground: Ground, year: int, roll: Roll) -> Form:
    level = ground.level(year)
    everyone, compulsory = roll.all_teachers, roll.teachers["primary"] + roll.teachers["junior"]
    unlicensed = np.where(ground.uniform("licence") < 0.3 * (1 - level), 0.04 * ground.uniform("unlicensed"), 0.0)
    eligible = _part(compulsory, 0.32 + 0.12 * ground.uniform("eligible"))
    moved = _part(eligible, 0.065 + 0.08 * level + 0.03 * ground.bell("moved", year))
    it_staff = np.select(
        [ground.rank == SEAT, ground.rank == TOWNSHIP], [1 + _yes(level > 0.55), 0.5 + 0.5 * _yes(level > 0.3)],
        0.5 * _yes(level > 0.35),
    )  # fmt: skip
    heads = 1 + np.searchsorted([250.0, 700.0, 1400.0, 2400.0], roll.all_pupils).astype(np.float64)
    return {
        "teachers_licensed": everyone - _part(everyone, unlicensed),
        "teachers_360h": _part(everyone, 0.84 + 0.2 * level + 0.05 * ground.bell("360h", year)),
        "rotation_eligible": eligible, "rotation_moved": moved,
        "rotation_moved_backbone": _part(moved, 0.14 + 0.14 * level + 0.08 * ground.bell("moved backbone", year)),
        "it_staff": it_staff, "heads": heads,
        "heads_ict_trained": _part(heads, 0.35 + 0.65 * level + 0.15 * ground.bell("heads")),
    }  # fmt: skip


def _qualified(ground: Ground, year: int, roll: Roll) -> Form:
    """Degrees, titles and subjects of teachers, by stage."""
    level, form = ground.level(year), {}
    lonely = (ground.area == AreaType.RURAL) & (roll.all_pupils >= 50) & (roll.all_pupils < 100)
    for stage in roll.teachers:
        teachers = roll.teachers[stage]
        form[f"teachers_{stage}"] = teachers
        if stage not in COMPULSORY:
            continue
        primary = stage == "primary"
        doctor = _yes((teachers > 40) & (ground.uniform("doctor", stage) > 0.985 - 0.02 * level))
        master = _part(teachers, 0.01 + 0.09 * level + 0.012 * ground.bell("master", stage))
        shared = np.floor(3 * ground.uniform("shared", stage))
        below = _part(teachers, (0.10 if primary else 0.03) * (1 - level))
        associate = _part(
            teachers, (0.46 if primary else 0.2) * (1 - 0.8 * level) + 0.03 * ground.bell("associate", stage)
        )
        form |= {
            f"teachers_doctor_{stage}": doctor, f"teachers_master_{stage}": master,
            f"teachers_associate_{stage}": associate,
            f"teachers_bachelor_{stage}": np.maximum(teachers - doctor - master - below - associate, 0.0),
            f"backbone_{stage}": _part(teachers, 0.12 + 0.14 * level + 0.03 * ground.bell("backbone", stage)),
            f"pe_arts_{stage}": _part(teachers, 0.115 + 0.075 * level + 0.022 * ground.bell("arts", stage)),
            f"pe_arts_shared_{stage}": np.where(lonely & (teachers > 0), shared, 0.0),
            f"mid_title_{stage}": _part(teachers, 0.4 + 0.16 * ground.quality + 0.06 * ground.bell("title", stage)),
        }  # fmt: skip
    return form


def _equipment(ground: Ground, year: int, roll: Roll, form: Form) -> Form:
    level, pupils, teachers = ground.level(year), roll.all_pupils, roll.all_teachers
    online = form["internet"] > 0
    of_pupils = whole(np.maximum(pupils * (4.5 + 9 * level + 1.8 * ground.bell("computers")), 300) / 100)
    of_teachers = _part(teachers, 0.55 + 0.5 * level + 0.08 * ground.bell("desks"))
    tablets = whole(pupils * 0.16 * np.maximum(level - 0.55, 0) * ground.uniform("tablets"))
    office = 1 + whole(0.012 * pupils * (1 + ground.uniform("office")))
    worth = np.maximum(950 + 2500 * level + 280 * ground.bell("worth"), 300)
    return {
        "equipment_value": whole(pupils * worth / 100) / 100,
        "computers": of_pupils + of_teachers + office,
        "computers_student_networked": np.where(online, of_pupils, 0.0),
        "computers_teacher_networked": np.where(online, of_teachers, 0.0),
        "terminals_student": of_pupils + tablets,
        "terminals_teacher": of_teachers + whole(0.12 * teachers * level * ground.uniform("laptops")),
        "books": whole(np.maximum(pupils, 20) * np.maximum(13 + 22 * level + 4 * ground.bell("books"), 5)),
        "teacher_platform": _yes(online & (ground.uniform("platform") < 0.68 + 0.4 * level)),
    }


def _training(ground: Ground, year: int, roll: Roll) -> Form:
    level, teachers = ground.level(year), roll.all_teachers
    done = _part(teachers, 0.66 + 0.34 * level + 0.07 * ground.bell("50h"))
    hours = done * 52 + (teachers - done) * whole(14 + 22 * ground.uniform("short"))
    chosen = done * 3
    live = np.where(ground.rank == VILLAGE, 0.0, whole((1 + 7 * level) * ground.uniform("live", year)))
    return {
        "teachers_ict_50h": done, "ict_hours": hours,
        "ict_hours_practice": _part(hours, 0.43 + 0.16 * level + 0.04 * ground.bell("practice")),
        "ability_points_chosen": chosen,
        "ability_points_passed": _part(chosen, 0.7 + 0.28 * level + 0.05 * ground.bell("passed")),
        "teachers_ict_done_year": _part(teachers, 0.16 + 0.3 * level * ground.uniform("this year", year)),
        "trainings_live": live,
        "training_live_attendances": whole(teachers * (0.8 + 3.5 * level) * (0.7 + 0.6 * ground.uniform("attend"))),
    }  # fmt: skip


def _use(ground: Ground, year: int, roll: Roll, form: Form) -> Form:
    level, teachers = ground.level(year), roll.all_teachers
    pupils = sum(roll.pupils.values(), form["pupils_special"])
    spaces_teachers = _part(teachers, 0.62 + 0.42 * level + 0.05 * ground.bell("spaces t"))
    spaces_pupils = _part(pupils, 0.28 + 0.66 * level + 0.08 * ground.bell("spaces p"))
    needed = ground.uniform("needed") < ground.by_area(0.12, 0.35, 0.8)
    held = needed & (form["internet"] > 0) & (ground.uniform("held") < 0.45 + 0.7 * level)
    unstaffed = np.where(needed, whole((2 + 14 * (1 - ground.quality)) * ground.uniform("unstaffed")), 0.0)
    return {
        "spaces_teachers": spaces_teachers, "spaces_pupils": spaces_pupils,
        "spaces_real_name": _part(spaces_teachers + spaces_pupils, 0.22 + 0.68 * level + 0.06 * ground.bell("real")),
        "teachers_ict_teaching": _part(teachers, 0.55 + 0.48 * level + 0.06 * ground.bell("teach ict")),
        "pupils_ict_learning": _part(pupils, 0.2 + 0.68 * level + 0.08 * ground.bell("learn ict")),
        "teachers_online_research": _part(teachers, 0.42 + 0.52 * level + 0.08 * ground.bell("research")),
        "three_classrooms_needed": _yes(needed),
        "three_classrooms_weekly": np.where(held, 1 + np.floor(7 * ground.uniform("weekly")), 0.0),
        "periods_unstaffed": unstaffed,
        "periods_delivered": np.where(held, _part(unstaffed, 0.35 + 0.6 * level + 0.1 * ground.bell("filled")), 0.0),
    }  # fmt: skip


def budgets(ground: Ground, year: int, roll: Roll) -> dict[str, Numbers]:
    """Recurrent funds of a year by stage, in yuan; a stage with fewer than 100 pupils is paid for 100."""
    rate = (1 + 0.03 * (year - NEWEST_YEAR)) * (1010 + 330 * ground.prosperity + 45 * ground.bell("rate"))
    extra = {"primary": 0.0, "junior": 210.0, "senior": 620.0}
    parts = {
        stage: np.where(count > 0, whole((rate + extra[stage]) * np.maximum(count, 100)), 0.0)
        for stage, count in roll.pupils.items()
    }
    special = ground.stage == Stage.SPECIAL
    per_head = np.where(special, 7300 + 1500 * ground.level(year), rate + 500)
    return parts | {"other": np.where(roll.other_pupils > 0, whole(per_head * roll.other_pupils), 0.0)}


def _funds(ground: Ground, year: int, roll: Roll) -> Form:
    level = ground.level(year)
    parts, before = budgets(ground, year, roll), budgets(ground, year - 1, ground.roll(year - 1))
    budget = sum(parts.values(), np.zeros(ground.size))
    final = whole(budget * (0.96 + 0.06 * ground.uniform("final", year)))
    public = _part(np.minimum(budget, final), 0.055 + 0.075 * level + 0.014 * ground.bell("ict share"))
    earmarked = whole(budget * np.maximum(0.015 + 0.07 * level + 0.012 * ground.bell("earmarked"), 0.0))
    ict = public + earmarked + whole(roll.all_pupils * 12 * ground.uniform("gifts", year))
    hardware = _part(ict, 0.62 - 0.25 * level + 0.05 * ground.bell("hardware"))
    software = _part(ict - hardware, 0.42 + 0.06 * ground.bell("software"))
    training = _part(ict - hardware - software, 0.3 + 0.15 * level + 0.05 * ground.bell("ict use"))
    approved = whole(ict * (1.0 + 0.15 * ground.uniform("approved", year)))
    return {
        "funds_public_budget": budget, "funds_public_final": final,
        "funds_public_prior_primary": before["primary"], "funds_public_prior_junior": before["junior"],
        "funds_public_special": np.where(ground.stage == Stage.SPECIAL, parts["other"], 0.0),
        "funds_training": _part(np.minimum(budget, final), 0.044 + 0.014 * level + 0.005 * ground.bell("train")),
        "funds_ict": ict, "funds_ict_public": public, "funds_ict_earmarked": earmarked,
        "funds_ict_hardware": hardware, "funds_ict_software": software, "funds_ict_use": training,
        "funds_ict_operation": ict - hardware - software - training,
        "funds_ict_approved": approved,
        "funds_ict_paid": _part(approved, 0.8 + 0.19 * ground.uniform("paid", year)),
    }  # fmt: skip
