"""Names of counties: found however they are written, never guessed where several fit."""

from __future__ import annotations

import pytest
from fupin.scenario.places import CountyIndex, PlaceError, codes_within, county_index


@pytest.fixture(scope="module")
def index() -> CountyIndex:
    return county_index()


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("Daming", 130425),
        ("daming", 130425),
        ("  Da Ming ", 130425),
        ("Daming County", 130425),
        ("DAMING-COUNTY", 130425),
        ("大名县", 130425),
        ("大名", 130425),
        (130425, 130425),
        ("130425", 130425),
        ("魏县", 130434),
        ("威县", 130533),
        ("Handan/Weixian", 130434),
        ("Weixian, Handan", 130434),
        ("weixian/xingtai", 130533),
        ("邢台市，威县", 130533),
        ("Wei County/Xingtai", 130533),
        ("Huaian", 130728),
        ("Huai'an", 130728),
        ("Huai’an", 130728),
        ("Yuxian", 130726),
        ("蔚县", 130726),
        ("Xuanhua County", 130721),
        ("Xuanhua District", 130705),
        ("Chengde County", 130821),
        ("承德县", 130821),
        ("Fengning", 130826),
        ("Fengning (Manchu)", 130826),
        ("丰宁", 130826),
        ("Zhangjiakou/Qiaoxi", 130703),
        ("Zhuolu", 130731),
        ("Mengcun", 130930),
        ("孟村回族自治县", 130930),
    ],
)
def test_one_county(index: CountyIndex, written: object, code: int) -> None:
    assert index.counties(written) == (code,)


@pytest.mark.parametrize(
    ("written", "codes"),
    [
        ("Weixian", (130434, 130533)),
        ("Wei County", (130434, 130533)),
        ("Qiaoxi", (130104, 130503, 130703)),
        ("桥西区", (130104, 130503, 130703)),
        ("Qiaodong", (130103, 130502, 130702)),
        ("Xinhua", (130105, 130902)),
        ("Xuanhua", (130705, 130721)),
    ],
)
def test_an_ambiguous_name_lists_every_candidate(
    index: CountyIndex, written: str, codes: tuple[int, ...]
) -> None:
    with pytest.raises(PlaceError) as caught:
        index.counties(written)
    for code in codes:
        assert str(code) in str(caught.value)
    assert f"names {len(codes)} counties" in str(caught.value)


@pytest.mark.parametrize("written", ["Handan", "Chengde", "Xingtai", "张家口", "Baoding City"])
def test_a_prefecture_is_not_taken_for_a_county(index: CountyIndex, written: str) -> None:
    with pytest.raises(PlaceError, match="prefecture") as caught:
        index.counties(written)
    assert "prefectures: [" in (caught.value.instead or "")


@pytest.mark.parametrize(
    ("written", "guess"),
    [("Damming", "Daming"), ("Qingquan", "Pingquan"), ("Mengcui", "Mengcun"), ("Julü", "Julu")],
)
def test_misspelt_names_get_guesses(index: CountyIndex, written: str, guess: str) -> None:
    with pytest.raises(PlaceError) as caught:
        index.counties(written)
    assert guess in (caught.value.instead or "")


@pytest.mark.parametrize("written", [True, None, 1.5, [], "", "///", "a/b/c", "9" * 50, 110101])
def test_nonsense_is_refused(index: CountyIndex, written: object) -> None:
    with pytest.raises(PlaceError):
        index.counties(written)


def test_groups_are_those_of_the_document(index: CountyIndex) -> None:
    assert len(index.counties("all")) == 172
    assert len(index.counties("key")) == 52
    assert len(index.counties("national key")) == 40
    assert len(index.counties("Provincial  Key")) == 12
    assert set(index.counties("national_key")) < set(index.counties("key"))
    three = codes_within(index.counties("key"), ("Zhangjiakou", "Chengde", "Baoding"))
    assert three is not None and len(three) == 25


def test_every_county_can_be_named_and_every_name_leads_back(index: CountyIndex) -> None:
    """Prefecture/name finds each unit, in English and in Chinese."""
    for code, county in index.records.items():
        for name in (county.name_en, county.name_zh):
            assert index.counties(f"{county.prefecture_en}/{name}") == (code,)
            assert index.counties(f"{name}, {county.prefecture_zh}") == (code,)
        assert index.counties(code) == (code,)


@pytest.mark.parametrize("written", ["Zhangjiakou", "zhang jia kou", "张家口市", "张家口", 130700])
def test_prefectures(index: CountyIndex, written: object) -> None:
    assert index.prefecture(written) == "Zhangjiakou"


def test_there_are_eleven_prefectures(index: CountyIndex) -> None:
    assert len(index.prefectures) == 11
    with pytest.raises(PlaceError, match="no prefecture"):
        index.prefecture("Beijing")


def test_places_within_prefectures() -> None:
    assert codes_within(None, None) is None
    chengde = codes_within(None, ("Chengde",))
    assert chengde is not None and len(chengde) == 11
    assert codes_within((130732, 130425), ("Zhangjiakou",)) == (130732,)


def test_places_in_words(index: CountyIndex) -> None:
    assert index.describe(index.counties("key")) == "the key counties (52)"
    assert index.describe(index.counties("all")) == "all counties (172)"
    assert index.describe((130732, 130425)) == "Daming, Chicheng"
    assert index.describe((130434, 130425)) == "Daming, Weixian 魏县"
    chengde = codes_within(None, ("Chengde",))
    assert chengde is not None and index.describe(chengde) == "all of Chengde"
    assert index.describe(index.counties("all")[1:10]).endswith("and 3 more")
