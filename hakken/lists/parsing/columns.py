"""The names that files give to what Hakken reads: headings of tables, keys of JSON, elements of XML."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache

from .scales import top_of_heading
from .words import plain, table_of

# For each cell the names that fill it, the surest first.
_NAMES: dict[str, str] = {
    "mal_id": """
        mal_id, id_mal, series_animedb_id, animedb_id, myanimelist_id, myanimelist, mal, mal_anime_id,
        my_anime_list_id, target_id, mal_url, myanimelist_url, myanimelist_link
    """,
    "anilist_id": "anilist_id, anilist, al_id, id_anilist",
    "link": "link, url, anime_url, target_url, uri, href",
    "anime_id": "anime_id",
    "id": "id, media_id, series_id, title_id, show_id, work_id, subject_id",
    "title": """
        series_title, anime_title, title, target_title, media_title, anime_name, name, anime, series_name,
        series, show, show_title, main_title, original_title, canonical_title, romaji, title_romaji,
        romaji_title, english_title, title_english, Titel, Titel (Original), Originaltitel, Name des Anime,
        Serie, Titre, Titre original, Nom, Série, Título, Título original, Nombre, Titulo, Nome,
        Nome do anime, Título do anime, Titolo, Titolo originale, Оригинальное название, Название,
        Название аниме, Наименование, Аниме, Назва, Оригінальна назва, Tytuł, Nazwa, Başlık, Ad, Anime adı,
        İsim, Naam, Judul, Judul anime, Tên, Tên anime, ชื่อเรื่อง, Názov, Název, Nimi, Cím, タイトル,
        作品名, アニメ, 題名, 标题, 標題, 名称, 名稱, 片名, 番名, 动画, 作品, 动画名, 제목, 작품명, 애니,
        العنوان, الاسم
    """,
    "score": """
        my_score, my_rating, user_score, user_rating, your_score, your_rating, personal_score,
        personal_rating, your_rate, rating_twenty, meine Wertung, meine Bewertung, ma note, mi nota,
        mi puntuación, minha nota, mio voto, Моя оценка, Моя оцінка, moja ocena, puanım, 自分の評価,
        我的评分, 我的評分, 내 평점, score, rating, rate, stars, mark, grade, points, score_raw,
        rating_score, score_hundred, Bewertung, Wertung, Punkte, Punktzahl, Sterne, Note, Score, Évaluation,
        Étoiles, Appréciation, Nota, Puntuación, Puntaje, Calificación, Valoración, Estrellas, Pontuação,
        Avaliação, Estrelas, Voto, Valutazione, Punteggio, Stelle, Оценка, Рейтинг, Балл, Баллы, Оцінка,
        Ocena, Punkty, Puan, Skor, Yıldız, Cijfer, Beoordeling, Waardering, Betyg, Arvosana, Hodnocení,
        Hodnotenie, Értékelés, Nilai, Peringkat, Điểm, Đánh giá, คะแนน, 評価, 点数, 得点, スコア, 評点,
        评分, 評分, 分数, 分數, 打分, 점수, 평점, 별점, التقييم
    """,
    "status": """
        my_status, list_status, watch_status, watching_status, user_status, my_list_status, status, state,
        shelf, exclusive_shelf, watchlist, progress_status, Mein Status, Zustand, Fortschritt, Statut, État,
        Estado, Mi estado,
        Situação, Stato, Статус просмотра, Статус, Список, Статус перегляду, Stan, Durum, İzleme durumu,
        Tila, Stav, Állapot, Trạng thái, สถานะ, ステータス, 状態, 視聴状況, 状态, 狀態, 收藏状态, 상태,
        الحالة
    """,
    "started": """
        my_start_date, started, start_date, started_at, started_on, date_started, start, watch_start_date,
        start_day, begun, start_date_string, Begonnen, Startdatum, Date de début, Fecha de inicio,
        Data de início, Data di inizio, Дата начала, Data rozpoczęcia, Başlangıç tarihi, 開始日, 开始日期,
        시작일
    """,
    "finished": """
        my_finish_date, finished, finish_date, finished_at, finished_on, completed_at, completed_on,
        date_finished, date_completed, end_date, ended_at, completed, finish, watch_end_date,
        finish_date_string, Beendet, Enddatum, Date de fin, Fecha de fin, Data de término, Data di fine,
        Дата окончания, Дата завершения, Data ukończenia, Bitiş tarihi, 終了日, 结束日期, 종료일
    """,
    "kind": "media_type, target_type, list_type, type, format, medium, category, kind, Typ, Art, Tipo, Тип",
    "year": """
        year, release_year, released_year, year_released, start_year, season_year, Jahr, Erscheinungsjahr,
        Année, Año, Ano, Anno, Год, Rok, Yıl, 年, 年份, 연도
    """,
    "season": "season, season_number, season_no, Staffel, Saison, Temporada, Stagione, Сезон, Sezon",
    "of_manga": """
        chapters, volumes, chapters_read, volumes_read, read_chapters, read_volumes, num_chapters_read,
        num_volumes_read, my_read_chapters, my_read_volumes, total_chapters, total_volumes, manga_title,
        manga_id, isbn, isbn13, pages, number_of_pages, Kapitel, Bände, Chapitres, Tomes, Capítulos,
        Volúmenes, Capitoli, Главы, Тома, Rozdziały, Tomy, 巻数, 卷数
    """,
    "of_anime": """
        episodes, eps, num_episodes, episode_count, total_episodes, series_episodes, episodes_watched,
        watched_episodes, num_episodes_watched, num_watched_episodes, my_watched_episodes, Episoden, Folgen,
        épisodes, episodios, episódios, episodi, эпизоды, серии, odcinki, bölüm, 話数, 集数, 에피소드
    """,
    "source": "source, provider, site",
    "user": "user_id, username, user",
    "of_all_people": "members, scored_by, num_list_users, num_scoring_users, popularity",
}
_CELLS = table_of(_NAMES)
_RANKS = {
    plain(name): rank for names in _NAMES.values() for rank, name in reversed([*enumerate(names.split(","))])
}
IDENTIFYING = ("mal_id", "anilist_id", "anime_id", "title")
"""Cells that can name an anime alone."""
ABOUT_THE_ANIME = (*IDENTIFYING, "of_anime", "of_manga")
"""Cells that any of several columns may fill; the member's score or day stands in one alone."""
TELLING = ("score", "status")
STATISTICS = "This is a catalogue with the scores of everybody: send your own list."
_OWN = re.compile("my|your|user|personal")


@lru_cache(1024)
def cell_of(heading: str) -> str | None:
    """Return the cell that a column fills, None for a column of no use."""
    named = plain(heading)
    return _CELLS.get(named) or _CELLS.get(plain(_without_scale(heading)))


@lru_cache(256)
def chosen(headings: tuple[str, ...]) -> Mapping[str, Sequence[int]]:
    """Return the places of the columns that may fill each cell, the surest first."""
    places: dict[str, list[int]] = {}
    for at, heading in enumerate(headings):
        cell = cell_of(heading)
        if cell is not None:
            places.setdefault(cell, []).append(at)
    for found in places.values():
        found.sort(key=lambda at: _rank(headings[at]))
    return places


def is_list(cells: Collection[str]) -> bool:
    """Whether rows with these cells can be entries of a list."""
    return any(cell in cells for cell in IDENTIFYING) and any(cell in cells for cell in TELLING)


@lru_cache(256)
def is_statistics(headings: tuple[str, ...]) -> bool:
    """Whether the scores and statuses of these columns are no member's, but those of all or of the anime."""
    cells = {heading: cell_of(heading) for heading in headings}
    own = any(cell in TELLING and _OWN.match(plain(heading)) for heading, cell in cells.items())
    return "of_all_people" in cells.values() and not own


def scale_of(headings: Sequence[str], places: Mapping[str, Sequence[int]]) -> int | None:
    """Return the best score of the scale that the columns' names tell, if they do."""
    names = {plain(heading) for heading in headings}
    if "seriesanimedbid" in names:
        return 10
    return top_of_heading(headings[places["score"][0]]) if "score" in places else None


def _rank(heading: str) -> int:
    return _RANKS.get(plain(heading), _RANKS.get(plain(_without_scale(heading)), len(_RANKS)))


def _without_scale(heading: str) -> str:
    return re.sub(
        r"[\[(/].*$|\W+(?:out of|von|sur|de|из)\W.*$|[\W_]*[0-9]+\W*$", "", heading, flags=re.DOTALL
    )
