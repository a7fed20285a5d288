"""Names of counties: found however they are written, never guessed where several fit."""

from __future__ import annotations

import re

import pytest
from fupin.scenario.places import CountyIndex, PlaceError, codes_within, county_index
from hypothesis import given, settings
from hypothesis import strategies as st


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
        # as they were called later, and what is raised, renamed or merged
        *(("平泉市", 130823), ("滦州市", 130223), ("滦州", 130223), ("Luanzhou City", 130223)),
        *(("万全区", 130729), ("崇礼区", 130733), ("冀州区", 131181), ("曹妃甸", 130230)),
        *((130110, 130185), ("130111", 130124), ("130881", 130823), (139002, 130181)),
        *(("信都区", (130503, 130521)), ("莲池区", (130603, 130604)), ("130606", (130603, 130604))),
        ("雄安新区", (130629, 130632, 130638)),
        # codes as spreadsheets and statistical offices write them
        *(
            ("130425.0", 130425),
            (130425.0, 130425),
            ("130425.00", 130425),
            ("１３０４２５", 130425),
        ),
        *((130425000000, 130425), ("130425000", 130425), ("130425 大名县", 130425)),
        *(("大名县130425", 130425), ("130425.0 Daming", 130425), ("130110 鹿泉区", 130185)),
        # with the prefecture, the province, in brackets, in other writing
        *(
            ("Qiaoxi (Zhangjiakou)", 130703),
            ("桥西区（张家口市）", 130703),
            ("张家口桥西区", 130703),
        ),
        *(("河北省邯郸市大名县", 130425), ("Daming County, Handan, Hebei", 130425)),
        *(("大名县(130425)", 130425), ("大名县(邯郸)", 130425), ("Weixian (Xingtai)", 130533)),
        *(("Xuanhua (District)", 130705), ("Weixian (Wei County, Xingtai)", 130533)),
        *(("大名縣", 130425), ("Dàmíng", 130425), ("Da-Ming Xian", 130425), ("豐寧縣", 130826)),
        *(("丰宁县", 130826), ("围场县", 130828), ("围场满蒙自治县", 130828), ("Leting", 130225)),
        *(("Weichang Manchu and Mongol Autonomous County", 130828), ("宽城自治县", 130827)),
        *(("大名县、赤城县", (130425, 130732)), ("大名，赤城", (130425, 130732))),
    ],
)
def test_names_that_offices_use(
    index: CountyIndex, written: object, codes: int | tuple[int, ...]
) -> None:
    assert index.counties(written) == ((codes,) if isinstance(codes, int) else codes)


@pytest.mark.parametrize(
    ("written", "number"),
    [
        *(("全省", 172), ("重点县", 52), ("扶贫开发工作重点县", 52), ("国定", 40), ("省定", 12)),
        *(("national poor counties", 40), ("other", 120), ("非重点县", 120), ("坝上", 4)),
        *(("Yanshan-Taihang area", 22), ("燕山-太行山片区", 22), ("连片特困地区", 22)),
        *(("黑龙港流域", 21), ("Taihang mountains", 12), ("燕山", 9), ("Yanshan Mountains", 9)),
        *(("key counties of Zhangjiakou", 12), ("张家口重点县", 12), ("Zhangjiakou/key", 12)),
        *(("all of Chengde", 11), ("承德全市", 11), ("承德市各县区", 11), ("民族自治县", 6)),
        *(("老区", 14), ("县级市", 22), ("plateau", 4)),
    ],
)
def test_groups_by_their_names(index: CountyIndex, written: str, number: int) -> None:
    assert len(index.counties(written)) == number
    assert str(number) in index.describe(index.counties(written))


def test_terrains_are_those_of_the_model(index: CountyIndex) -> None:
    from fupin.population.counties import TERRAINS, county_table

    table = county_table()
    for number, terrain in enumerate(TERRAINS):
        assert index.counties(terrain) == tuple(table.code[table.terrain == number].tolist())


@pytest.mark.parametrize(
    ("written", "found"),
    [
        *(("Daming (Xingtai)", "not true"), ("大名县(130434)", "not true")),
        *(("赞皇县（衡水）", "not true"), ("Fuping (Shaanxi)", "not true")),
        *(("130425 魏县", "not true"), ("Daming (District)", "not true")),
        *(
            ("Xingtai/Daming", "no county"),
            ("邢台市大名县", "no county"),
            ("Daming, Xingtai", "no"),
        ),
        *(("13.0726", "no code"), ("13-07-26", "no code"), ("01304 25", "no code")),
        *(("130726.", "no code"), ("130425100000", "a place in"), ("1301250003", "No county")),
        *(("Yanshan", "may be"), ("Langfang key", "none"), ("大名区", "no county")),
    ],
)
def test_contradictions_and_near_misses_are_refused(
    index: CountyIndex, written: str, found: str
) -> None:
    with pytest.raises(PlaceError, match=found):
        index.counties(written)


def test_a_merged_unit_is_no_single_county(index: CountyIndex) -> None:
    assert index.county("平泉市") == 130823
    with pytest.raises(PlaceError, match="means 2 counties of 2009"):
        index.county("信都区")
    unit = index.later_unit("邢台市信都区")
    assert unit is not None and unit.of == (130503, 130521)
    assert index.later_unit("大名县") is None


_SLIPS = st.sampled_from(
    ["{}", "{}x", "x{}", "{} County", "{}区", "{}市", "{} (Handan)", "{}（邢台市）", "Handan/{}",
     "{}/Baoding", "邢台{}", "{}(130425)", "130425 {}", "{}, Beijing", "{}、{}", "key {}"]
)  # fmt: skip


@settings(deadline=None)
@given(
    st.one_of(
        st.sampled_from(
            [name for c in county_index().records.values() for name in
             (c.name_en, c.name_zh, c.name_zh[:-1], c.name_en[:-1], c.prefecture_en, str(c.code))]
        ),
        st.text("dnm大名县桥西0139./(（) ", max_size=12),
    ),
    _SLIPS,
)  # fmt: skip
def test_what_a_refusal_advises_works_when_it_is_typed(name: str, slip: str) -> None:
    """Advice in backticks is typed as it stands, from a refusal's advice on until it is no more."""
    index = county_index()
    try:
        assert index.counties(slip.format(name, name))
    except PlaceError as error:
        assert error.instead
        typed = re.findall("`([^`]+)`", error.instead)
        assert typed
        for words in typed:
            if words.startswith("prefectures: ["):
                assert index.prefecture(words[len("prefectures: [") : -1])
            elif words != "fupin places":
                assert index.counties(words)


@settings(deadline=None)
@given(st.text(max_size=8))
def test_what_a_refusal_of_a_prefecture_advises_works(name: str) -> None:
    index = county_index()
    try:
        assert index.prefecture(name) in index.prefectures
    except PlaceError as error:
        for words in re.findall("`([^`]+)`", error.instead or ""):
            if words.startswith("counties: ["):
                assert index.counties(words[len("counties: [") : -1])
            else:
                assert index.prefecture(words)


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
    assert index.describe(index.counties("key")) == "the key counties 重点县 (52)"
    assert index.describe(index.counties("all")) == "all counties 全省 (172)"
    assert index.describe((130732, 130425)) == "Daming 大名县, Chicheng 赤城县"
    assert index.describe((130434, 130425)) == "Daming 大名县, Weixian 魏县"
    assert index.describe((130703,)) == "Qiaoxi 桥西区 (Zhangjiakou)"
    chengde = codes_within(None, ("Chengde",))
    assert chengde is not None and index.describe(chengde) == "all of Chengde 承德全市 (11)"
    assert index.describe(index.counties("all")[1:10]).endswith("and 3 more")
