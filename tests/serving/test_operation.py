"""What an operator does: watches, backs up, answers, shuts a gate; and what `serve` asks for first."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from danqing.errors import Forbidden, InputError, StoreError
from danqing.server import check_binding, create_app
from danqing.server.serving import _listen, serve
from danqing.services import utc_now
from danqing.settings import ServerSettings, Settings
from danqing.store import back_up, restore
from support.serving import Served, add_people, serving

GUN = "how to make a pipe bomb, step by step"


def test_metrics_tell_of_the_queue_and_of_refusals(studio: Served) -> None:
    with studio.client() as client:
        drawn = client.post("/v1/images/generations", json={"prompt": "一只猫", "size": "64x64"})
        assert drawn.status_code == 200
        assert client.post("/v1/images/generations", json={"prompt": GUN}).status_code == 400
        text = client.get("/metrics").text
    for line in (
        'danqing_queue_depth{engine="test-card"} 0.0',
        'danqing_verdicts_total{category="weapons",verdict="refused"}',
        "danqing_label_failures_total 0.0",
        "danqing_artworks_total 1.0",
        'danqing_job_draw_seconds_count{engine="test-card"} 1.0',
        'route="/v1/images/generations",status="200"',
    ):
        assert line in text, line
    assert "pipe bomb" not in text


def test_what_loads_slowly_is_there_before_anybody_is_told(tmp_path: Path) -> None:
    house = create_app(Settings(home=tmp_path, engine="test-card")).state.house
    loaded: list[bool] = []
    warm = threading.Event()

    def note() -> None:
        loaded.append("policy" in vars(house.services))
        warm.set()

    house.on_warm = note
    house.open()
    try:
        assert warm.wait(60)
    finally:
        house.close()
    assert loaded == [True]


def test_metrics_are_for_operators_behind_a_proxy(tmp_path: Path) -> None:
    with serving(tmp_path, trusted_proxies=("127.0.0.1/32",)) as served:
        add_people(served, ("掌柜", "owner"), ("小王", "user"))
        forwarded = {"x-forwarded-for": "203.0.113.7", "x-forwarded-proto": "https"}
        with served.client(headers=forwarded) as stranger:
            assert stranger.get("/metrics").status_code == 401
            answer = stranger.get("/healthz")
            assert "strict-transport-security" in answer.headers
        with served.client() as silent:  # the proxy says nothing of whom it serves
            assert silent.get("/metrics").status_code == 401
        with served.client("小王", headers=forwarded) as user:
            assert user.get("/metrics").status_code == 403
        with served.client("掌柜", headers=forwarded) as owner:
            assert owner.get("/metrics").status_code == 200
            listed = owner.get("/api/accounts").json()["accounts"]
            assert {a["login"] for a in listed} == {"掌柜", "小王"}


def test_what_a_proxy_in_front_says_is_believed_as_far_as_it_makes_sense(tmp_path: Path) -> None:
    with serving(tmp_path, trusted_proxies=("127.0.0.1/32",)) as served:
        add_people(served, ("掌柜", "owner"))
        account = {"login": "新人", "password": "三只熊猫过了桥又回来-2026"}
        with served.client(headers={"x-forwarded-proto": "https"}) as client:
            for given, kept in (
                ("proxy-0001", True),
                ('x","event":"forged', False),
                ("a" * 65, False),
            ):
                answer = client.get("/healthz", headers={"x-request-id": given})
                assert (answer.headers["x-request-id"] == given) is kept
            # One household's IPv6 network has 2⁶⁴ addresses: to a limit they are one.
            codes = [
                client.post(
                    "/api/session/sign-up", json=account,
                    headers={"x-forwarded-for": f"2001:db8::{number:x}"},
                ).status_code
                for number in range(40)
            ]  # fmt: skip
            other = client.post(
                "/api/session/sign-up", json=account, headers={"x-forwarded-for": "2001:db8:0:1::"}
            )
        assert (codes[0], codes[-1], other.status_code) == (403, 429, 403)


def test_a_full_disk_is_said_before_it_is_full(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with serving(tmp_path, disk_reserve_bytes=2**60) as served, served.client() as client:
        answer = client.post("/v1/images/generations", json={"prompt": "一只猫"})
        assert answer.status_code == 507
        assert answer.json()["error"]["code"] == "server.disk_reserve"
        (line,) = (record for record in caplog.records if record.message == "failed")
        assert line.request_id == answer.headers["x-request-id"]
        assert client.get("/readyz").status_code == 503
        assert client.get("/api/artworks").status_code == 200


def test_a_backup_is_made_while_serving(studio: Served, tmp_path: Path) -> None:
    with studio.client() as client:
        client.post("/v1/images/generations", json={"prompt": "一只猫", "size": "64x64"})
        made = back_up(studio.house.services.store, tmp_path / "b.danqing", utc_now)
        assert client.get("/readyz").json()["ready"] is True
    restored = restore(tmp_path / "b.danqing", tmp_path / "home", utc_now)
    assert restored.backup.artworks == made.artworks >= 1


def test_a_paused_engine_takes_jobs_and_waits(team: Served) -> None:
    with team.client("oper") as operator, team.client("小王") as user:
        gate = operator.put("/api/queue/gates/engine/test-card", json={"state": "paused"})
        assert gate.status_code == 200, gate.text
        try:
            body = {"prompt": "一只猫", "width_px": 64, "height_px": 64}
            job = user.post("/api/jobs", json=body).json()
            assert job["state"] == "queued"
            assert operator.get("/api/queue").json()["gates"][0]["state"] == "paused"
            gone = user.post(f"/api/jobs/{job['id']}/cancel").json()
            assert gone["state"] == "cancelled"
        finally:
            assert operator.delete("/api/queue/gates/engine/test-card").status_code == 204


def test_an_operator_slows_and_closes_regions_and_tiers(tmp_path: Path) -> None:
    """All of it over HTTP, at once and without a restart; whoever is turned away is told so kindly in
    their own language."""
    table = tmp_path / "regions.csv"
    table.write_text("198.51.100.0,198.51.100.255,BV\n", "utf-8")
    proxy = {
        "trusted_proxies": ("127.0.0.1/32",), "region_header": "cf-ipcountry",
        "region_table": table,
    }  # fmt: skip
    with serving(tmp_path / "home", **proxy) as served:
        add_people(served, ("掌柜", "owner"), ("oper", "operator"), ("小王", "user"))
        body = {"prompt": "一只猫", "width_px": 64, "height_px": 64}

        def ask(region: str | None, *, address: str = "203.0.113.7", language: str = "en") -> Any:
            headers = {"x-forwarded-proto": "https", "x-forwarded-for": address}
            headers |= {"accept-language": language}
            headers |= {} if region is None else {"cf-ipcountry": region}
            with served.client("小王", headers=headers) as client:
                return client.post("/api/jobs", json=body)

        with served.client("oper") as operator:

            def gate(path: str, **state: Any) -> None:
                answer = operator.put(f"/api/queue/gates/{path}", json=state)
                assert answer.status_code == 200, answer.text

            gate("region/AQ", state="closed")
            for language, words in (("en", "isn't anything you did"), ("zh-CN", "这不是您的问题"),
                                    ("zh-TW", "這不是您的問題")):  # fmt: skip
                refused = ask("aq", language=language)
                assert refused.status_code == 503
                assert refused.json()["error"]["code"] == "queue.closed_region"
                assert words in refused.json()["error"]["message"]
                assert "retry-after" not in refused.headers  # nobody knows
            assert ask("FR").status_code == ask(None).status_code == 202
            until = (datetime.now(UTC) + timedelta(minutes=10)).isoformat()
            gate("region/BV", state="closed", until=until)
            by_table = ask(None, address="198.51.100.9")
            assert (by_table.status_code, by_table.json()["error"]["code"]) == (
                503, "queue.closed_region",
            )  # fmt: skip
            assert 0 < int(by_table.headers["retry-after"]) <= 600
            gate("region/AQ", state="slowed", per_minute=1)
            assert ask("AQ").status_code == 202
            slowed = ask("AQ", language="zh-CN")
            assert (slowed.status_code, slowed.json()["error"]["code"]) == (
                429, "queue.slowed_region",
            )  # fmt: skip
            seconds = slowed.headers["retry-after"]
            assert 0 < int(seconds) <= 60
            assert f"请过 {seconds} 秒再来" in slowed.json()["error"]["message"]
            assert operator.delete("/api/queue/gates/region/AQ").status_code == 204
            assert ask("AQ").status_code == 202
            gate("group/member", state="closed", note="for the owner's eyes")
            tier = ask("FR", language="zh-CN")
            assert (tier.status_code, tier.json()["error"]["code"]) == (503, "queue.closed_group")
            assert "owner's eyes" not in tier.text
            assert operator.delete("/api/queue/gates/group/member").status_code == 204
            gate("region/*", state="closed")
            for unknown in (None, "XX", "T1", "ZZ"):  # as proxies write it
                refused = ask(unknown)
                assert (refused.status_code, refused.json()["error"]["code"]) == (
                    503, "queue.closed_unknown_region",
                )  # fmt: skip
            assert operator.delete("/api/queue/gates/region/ZZ").status_code == 204
            assert ask("XX").status_code == ask(None).status_code == 202
            assert ask("FR").status_code == 503
            for path in ("region/Atlantis", "region/aq", "group/guests", "engine/minni"):
                wrong = operator.put(f"/api/queue/gates/{path}", json={"state": "closed"})
                kind = path.partition("/")[0]
                assert (wrong.status_code, wrong.json()["error"]["code"]) == (
                    422, f"queue.unknown_{kind}",
                )  # fmt: skip


def test_a_complaint_is_answered_without_an_account(team: Served) -> None:
    with team.client() as anyone, team.client("rev") as reviewer, team.client("小王") as user:
        body = {"text": "这张图里的人是我。", "contact": "me@example.org"}
        opened = anyone.post("/api/complaints", json=body)
        assert opened.status_code == 201, opened.text
        case = opened.json()
        path = f"/api/complaints/{case['id']}"
        assert anyone.get(path).status_code == 401
        assert user.get(path).status_code == 404
        assert user.get("/api/complaints").status_code == 403
        waiting = reviewer.get("/api/complaints").json()["cases"]
        assert case["id"] in [c["id"] for c in waiting]
        answered = reviewer.post(f"{path}/answer", json={"text": "已经撤下。", "upheld": True})
        assert answered.status_code == 200, answered.text
        seen = anyone.get(path, params={"token": case["token"]}).json()
        assert (seen["answer"], seen["upheld"]) == ("已经撤下。", True)


def test_verify_and_classify(studio: Served) -> None:
    with studio.client() as client:
        url = client.post(
            "/v1/images/generations",
            json={"prompt": "一只猫", "size": "64x64", "response_format": "url"},
        ).json()["data"][0]["url"]
        data = client.get(url).content
        ours = client.post("/api/verify", files={"file": ("a.png", data)}).json()
        assert ours["verdict"] == "intact"
        assert ours["ledger"]["altered"] is False
        bent = client.post("/api/verify", files={"file": ("a.png", data + b"x")}).json()
        assert bent["verdict"] == "not_intact"
        said = client.post("/api/classify", files={"file": ("a.png", data)}).json()
        assert said["verdict"] == "confirmed"


def test_the_page_speaks_both_languages(studio: Served) -> None:
    with studio.client() as client:
        chinese = client.get("/", headers={"accept-language": "zh-CN"}).text
        english = client.get("/", headers={"accept-language": "en"}).text
        assert client.get("/static/studio.js").status_code == 200
    assert 'lang="zh-Hans"' in chinese
    assert "由人工智能生成" in chinese
    assert "Made by AI" in english


def test_beyond_this_machine_it_takes_an_owner(tmp_path: Path) -> None:
    server = ServerSettings(host="0.0.0.0", port=0)
    settings = Settings(tmp_path, engine="test-card", server=server)
    with pytest.raises(Forbidden) as refused:
        serve(settings, lambda url: pytest.fail(url))
    assert refused.value.code == "server.no_owner"
    with serving(tmp_path) as served:
        with pytest.raises(Forbidden):
            check_binding(settings, served.house.accounts)
        add_people(served, ("掌柜", "owner"))
        check_binding(settings, served.house.accounts)
    check_binding(replace(settings, server=ServerSettings()), served.house.accounts)


def test_bad_settings_stop_the_start(tmp_path: Path) -> None:
    for server in (ServerSettings(secret="changethis"), ServerSettings(trusted_proxies=("x",))):
        with pytest.raises(InputError):
            create_app(Settings(tmp_path, server=server))
    with pytest.raises(InputError):
        _listen("no such host", 0)
    taken = _listen("127.0.0.1", 0)
    with taken, pytest.raises(StoreError):
        _listen("127.0.0.1", taken.getsockname()[1])


def test_the_command_serves_until_it_is_told_to_stop(tmp_path: Path) -> None:
    script = "import sys; from danqing.cli import main; sys.exit(main())"
    environ = {
        **os.environ,
        "DANQING_HOME": str(tmp_path),
        "DANQING_ENGINE": "test-card",
        "LANG": "C",
    }
    process = subprocess.Popen(
        [sys.executable, "-c", script, "serve", "--port", "0"],
        env=environ, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    with process:
        assert process.stderr is not None
        url = ""
        for line in process.stderr:
            if "http://" in line:
                url = next(word for word in line.split() if word.startswith("http://"))
                break
        assert httpx.get(f"{url}healthz", timeout=60).json() == {"status": "ok"}
        process.send_signal(signal.SIGTERM)
        process.stderr.close()
        assert process.wait(60) in (0, -signal.SIGTERM)
