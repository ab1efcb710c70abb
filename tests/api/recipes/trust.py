# SPDX-License-Identifier: GPL-2.0-or-later
"""Certificates and revocation lists."""
from pems import CRL, GOOD, OTHER
from walk import assert_equal, assert_in, recipe


@recipe("pool.install_ca_certificate", "pool.uninstall_ca_certificate", "pool.certificate_install",
        "pool.certificate_uninstall", "pool.certificate_list", "pool.certificate_sync",
        "pool.exchange_ca_certificates_on_join")
def _(w):
    w.api.call("pool.install_ca_certificate", "walk", GOOD)
    assert_in("walk", w.api.call("pool.certificate_list"))
    w.api.call("pool.certificate_sync")
    w.api.call("pool.uninstall_ca_certificate", "walk")
    assert_equal("walk" in w.api.call("pool.certificate_list"), False)
    w.api.call("pool.certificate_install", "walk", GOOD)
    assert_in("walk", w.api.call("pool.certificate_list"))
    w.api.call("pool.certificate_uninstall", "walk")
    assert_equal("walk" in w.api.call("pool.certificate_list"), False)
    assert_equal(w.api.call("pool.exchange_ca_certificates_on_join", {"walk": GOOD}, []), {})
    (row,) = [ref for ref, record in w.api.call("Certificate.get_all_records").items() if record["name"] == "walk"]
    assert_equal(w.api.call("pool.exchange_ca_certificates_on_join", {}, [row]), {"walk": GOOD})
    w.api.call("pool.certificate_uninstall", "walk")


@recipe("pool.install_trusted_certificate", "pool.uninstall_trusted_certificate")
def _(w):
    before = set(w.api.call("Certificate.get_all"))
    w.api.call("pool.install_trusted_certificate", w.pool, False, OTHER, ["ldaps"])
    (made,) = set(w.api.call("Certificate.get_all")) - before
    assert_equal(w.api.call("Certificate.get_purpose", made), ["ldaps"])
    w.api.call("pool.uninstall_trusted_certificate", w.pool, made)
    w.api.refuses("HANDLE_INVALID", "Certificate.get_record", made)


@recipe("pool.crl_install", "pool.crl_list", "pool.crl_uninstall", "pool.exchange_crls_on_join")
def _(w):
    w.api.call("pool.crl_install", "walk", CRL)
    assert_equal(w.api.call("pool.crl_list"), ["walk"])
    assert_equal(w.api.call("pool.exchange_crls_on_join", w.pool, {"walk": CRL}, ["walk"]), {"walk": CRL})
    w.api.call("pool.crl_uninstall", "walk")
    assert_equal(w.api.call("pool.crl_list"), [])
