# SPDX-License-Identifier: GPL-2.0-or-later
"""Programs that call, and limits on them."""
from walk import assert_equal, recipe
from xenapi import Failure

NEVER = 0.001  # tokens a second: a call that lacks one is refused, not kept waiting


def caller(w, user_agent, client_ip=""):
    return w.api.Caller.create({"name_label": w.name("caller"), "name_description": "", "user_agent": user_agent,
                                "client_ip": client_ip})


def goes_through(w, user_agent):
    """Whether a call by the program of that name does; it costs one token."""
    try:
        w.api.call("pool.get_all", User_Agent=user_agent)
    except Failure as failure:
        assert_equal(failure.code, "TOO_BUSY")
        return False
    return True


@recipe("Caller.add_group", "Caller.remove_group", "Caller.query_call_count", "Caller.query_token_usage",
        "Caller.query_group_call_count", "Caller.query_group_token_usage", "Caller.query_all_usage")
def _(w):
    name, group = w.name("program"), w.name("group")
    exact, family = caller(w, name + "/1"), caller(w, name + "*")
    for one in (exact, family):
        w.api.call("Caller.add_group", one, group)
        assert_equal(w.api.call("Caller.get_groups", one), [group])
    assert_equal(w.api.call("Caller.query_call_count", exact), 0)
    for agent in (name + "/1", name + "/2", name + "/2"):
        assert_equal(goes_through(w, agent), True)
    w.api.call("pool.get_license_state", w.pool, User_Agent=name + "/1")  # more than a reading: it costs ten
    assert_equal([w.api.call("Caller.query_call_count", one) for one in (exact, family)], [2, 4])
    assert_equal([w.api.call("Caller.query_token_usage", one) for one in (exact, family)], [11.0, 13.0])
    assert_equal(w.api.call("Caller.query_group_call_count", group), 6)
    assert_equal(w.api.call("Caller.query_group_token_usage", group), 24.0)
    rows = [row for row in w.api.call("Caller.query_all_usage") if row[2] in ("13.000", "11.000")]
    assert_equal(rows[-2:], [[w.api.call("Caller.get_uuid", one), w.api.call("Caller.get_name_label", one), tokens, calls]
                             for one, tokens, calls in ((family, "13.000", "4"), (exact, "11.000", "2"))])
    w.api.call("Caller.remove_group", family, group)
    assert_equal(w.api.call("Caller.query_group_call_count", group), 2)
    w.api.refuses("INVALID_VALUE", "Caller.add_group", exact, "")
    w.api.refuses("INVALID_VALUE", "Caller.query_group_call_count", "")
    for one in (exact, family):
        w.api.Caller.destroy(one)


@recipe("Rate_limit.add_caller", "Rate_limit.remove_caller", "Rate_limit.set_burst_size", "Rate_limit.set_fill_rate")
def _(w):
    name = w.name("program")
    one = caller(w, name)
    limit = w.api.Rate_limit.create({"name_label": w.name("limit"), "name_description": "", "burst_size": 2.0,
                                     "fill_rate": NEVER})
    w.api.call("Rate_limit.add_caller", limit, one)
    assert_equal(w.api.call("Rate_limit.get_callers", limit), [one])
    assert_equal([goes_through(w, name) for _ in range(3)], [True, True, False])
    assert_equal(goes_through(w, name + " of another"), True)
    w.api.call("Rate_limit.set_fill_rate", limit, 1000.0)
    assert_equal([goes_through(w, name) for _ in range(3)], [True] * 3)
    w.api.call("Rate_limit.set_fill_rate", limit, NEVER)
    assert_equal(goes_through(w, name) and goes_through(w, name) and goes_through(w, name), False)
    w.api.call("Rate_limit.remove_caller", limit, one)
    assert_equal(goes_through(w, name), True)
    w.api.refuses("INVALID_VALUE", "Rate_limit.remove_caller", limit, one)
    full = w.api.Rate_limit.create({"name_label": "", "name_description": "", "burst_size": 2.0, "fill_rate": NEVER})
    w.api.call("Rate_limit.add_caller", full, one)
    w.api.call("Rate_limit.set_burst_size", full, 0.5)
    assert_equal(goes_through(w, name), False)
    for wrong in (0.0, -1.0):
        w.api.refuses("INVALID_VALUE", "Rate_limit.set_burst_size", limit, wrong)
        w.api.refuses("INVALID_VALUE", "Rate_limit.set_fill_rate", limit, wrong)
    w.api.Rate_limit.destroy(limit)
    w.api.Rate_limit.destroy(full)
    assert_equal(goes_through(w, name), True)
    w.api.Caller.destroy(one)
