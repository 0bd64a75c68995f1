"""Methods and Accept headers that come as parameters."""

from __future__ import annotations

import httpx

from tests.demo.planted import Place


def test_a_post_may_stand_for_a_put_and_a_delete(admin: httpx.Client, place: Place) -> None:
    path = f"/data/projects/{place.project}/subjects/TUNNEL"
    assert admin.post(path, params={"method": "PUT"}).status_code == 201
    assert admin.get(path).status_code == 200
    assert admin.post(path, params={"method": "DELETE"}).status_code == 200
    assert admin.get(path).status_code == 404


def test_a_get_stays_a_get(admin: httpx.Client, place: Place) -> None:
    admin.get(place.subject_path, params={"method": "DELETE"})
    assert admin.get(place.subject_path).status_code == 200


def test_media_stands_for_the_accept_header(admin: httpx.Client, place: Place) -> None:
    answer = admin.get("/data/projects", params={"media": "xml"}, headers={"accept": "application/json"})
    assert answer.headers["content-type"].startswith("text/xml")
    assert admin.get(place.subject_path, params={"media": "json"}).status_code == 406


def test_nothing_is_tunnelled_outside_of_data(admin: httpx.Client) -> None:
    assert admin.post("/xapi/siteConfig/buildInfo", params={"method": "GET"}).status_code == 405
