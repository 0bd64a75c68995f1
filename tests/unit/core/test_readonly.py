from __future__ import annotations

import pytest

from xnat_tui.core.readonly import changes


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/data/projects"),
        ("OPTIONS", "/data/projects/P"),
        ("GET", "/data/services/tokens/show"),
        ("GET", "/data/services/tokens/validate/a/b"),
        ("POST", "/data/JSESSION"),
        ("DELETE", "/data/JSESSION"),
        ("POST", "/REST/JSESSION/"),
        ("PUT", "/data/services/auth"),
        ("POST", "/data/search"),
        ("POST", "/data/services/validate-archive"),
        ("POST", "/xapi/archive/downloadwithsize"),
        ("POST", "/xapi/archive/download"),
        ("POST", "/xapi/workflows"),
        ("get", "/xapi/archive/download/admin-1/zip"),
    ],
)
def test_these_change_nothing(method, path):
    assert not changes(method, path)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("PUT", "/data/projects/P"),
        ("DELETE", "/data/projects/P"),
        ("POST", "/data/projects"),
        ("PATCH", "/xapi/users"),
        ("GET", "/data/services/tokens/issue"),
        ("HEAD", "/data/services/tokens/issue"),
        ("POST", "/xapi/archive/catalogs/refresh"),
        ("POST", "/xapi/archive/catalogs/refresh/delete,checksum"),
        ("GET", "/REST/services/tokens/issue/user/bob"),
        ("GET", "/data/services/tokens/invalidate/alias"),
        ("GET", "/app/action/DeleteAction/x/y"),
        ("PUT", "/data/search/saved/mine"),
        ("POST", "/data/search/saved"),
        ("POST", "/data/services/archive"),
        ("POST", "/data/services/validate-archive/more"),
        ("POST", "/xapi/archive/upload/xml"),
        ("POST", "/xapi/direct-archive/P/t/n"),
        ("PUT", "/data/JSESSION"),
        ("FROBNICATE", "/data/projects"),
    ],
)
def test_these_change_something(method, path):
    assert changes(method, path)


@pytest.mark.parametrize(
    ("path", "tunnelled", "verdict"),
    [
        ("/data/search", "DELETE", True),
        ("/data/search", "GET", False),
        ("/data/services/tokens/issue", "GET", True),
        ("/data/projects/P", "get", True),
        ("/data/JSESSION", "DELETE", False),
    ],
)
def test_a_post_may_carry_another_method(path, tunnelled, verdict):
    assert changes("POST", path, {"method": tunnelled}) is verdict


def test_the_method_parameter_of_other_requests_means_nothing():
    assert not changes("GET", "/data/projects", {"method": "DELETE"})
