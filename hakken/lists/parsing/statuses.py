"""The words that sites and people use for the status of an anime, in their languages."""

from __future__ import annotations

from functools import lru_cache
from typing import Literal, TypeAlias, cast

from .words import plain, table_of

Status: TypeAlias = Literal["completed", "watching", "on hold", "dropped", "planned"]


class UnknownWordError(ValueError):
    """A cell's text has no known meaning."""


_WORDS: dict[str, str] = {
    "completed": """
        completed, complete, watched, finished, seen, done, viewed, ended, already watched, have watched,
        fully watched, rewatching, rewatched, re-watching, repeating, reread, rereading, watching again,
        read, collect, abgeschlossen, gesehen, geschaut, fertig, komplett, beendet, durchgeschaut,
        schaue erneut, rewatch, terminé, terminée, fini, vu, complété, complet, achevé, regardé,
        en revisionnage, completado, completada, visto, vista, terminado, terminada, finalizado, acabado,
        reviendo, completo, completa, concluído, concluída, assistido, assistida, reassistindo, completato,
        completata, finito, guardato, riguardando, concluso, просмотрено, просмотрен, завершено, посмотрел,
        посмотрела, смотрел, закончено, пересматриваю, переглянуто, переглядаю, ukończone, ukończono,
        obejrzane, obejrzany, zakończone, oglądam ponownie, tamamlandı, tamamladım, izledim, izlendi, bitti,
        bitirdim, tekrar izleniyor, voltooid, bekeken, afgekeken, klaar, sedd, klar, färdig, set, nähty,
        shlédnuto, viděno, dokončeno, selesai, sudah ditonton, tamat, đã xem, hoàn thành, ดูจบแล้ว, 見た,
        視聴済み, 視聴済, 視聴完了, 完了, 看过, 看過, 已看, 已看完, 看完, 完成, 已完成, 重看, 在重看,
        봤어요, 완료, 다 봤음, 시청 완료, مكتمل, شاهدته
    """,
    "watching": """
        watching, currently watching, current, currently, in progress, started, ongoing, reading,
        currently reading, do, continuing, active, airing watching, am schauen, schaue ich, schaue,
        schaue gerade, schauend, am gucken, gucke gerade, läuft, laufend, in arbeit, en cours,
        en train de regarder, je regarde, en visionnage, viendo, en curso, en progreso, mirando, assistindo,
        em andamento, vendo, a ver, em progresso, guardando, in corso, in visione, sto guardando, смотрю,
        в процессе, дивлюсь, дивлюся, oglądam, oglądane, w trakcie, izliyorum, izleniyor, devam ediyor,
        bezig, aan het kijken, kijkend, ser på, tittar, pågående, sleduji, katson, sedang ditonton,
        sedang menonton, nonton, đang xem, กำลังดู, 見てる, 見ている, 視聴中, 在看, 正在看, 观看中, 觀看中,
        보는 중, 보고 있어요, 시청 중, أشاهده, يشاهد
    """,
    "on hold": """
        on hold, onhold, hold, held, paused, pause, stalled, suspended, on pause, on-hold, on ice,
        postponed, pausiert, unterbrochen, angehalten, auf eis, en pause, en attente, mis en pause,
        en suspens, en espera, en pausa, pausado, pausada, em espera, em pausa, in pausa, in attesa,
        sospeso, отложено, на паузе, приостановлено, відкладено, на паузі, wstrzymane, wstrzymano,
        wstrzymany, beklemede, ara verildi, askıda, duraklatıldı, gepauzeerd, in de wacht, pausad,
        pozastaveno, ditunda, tertunda, tạm dừng, พักไว้, 一時中断, 中断, 保留, 休止, 搁置, 擱置, 暂停,
        暫停, 보류, 잠시 중단, مؤجل
    """,
    "dropped": """
        dropped, drop, abandoned, quit, gave up, given up, discontinued, stopped, stopped watching,
        stop watching, not interesting, notinteresting, abgebrochen, aufgegeben, abandonné, abandonnée,
        arrêté, laissé tomber, abandonado, abandonada, dejado, dejada, descartado, desistido, desisti,
        dropado, largado, droppato, abbandonato, abbandonata, interrotto, брошено, бросил, бросила,
        заброшено, дропнуто, кинуто, porzucone, porzucono, porzucony, bırakıldı, bıraktım, yarım bırakıldı,
        gestopt, afgebroken, avbruten, upuštěno, dihentikan, bỏ dở, เลิกดู, 視聴中止, 中止, 抛弃, 拋棄,
        弃番, 棄番, 放弃, 放棄, 하차, 중단, متروك
    """,
    "planned": """
        planned, plan to watch, plantowatch, planning, plan, ptw, want to watch, wanna watch, to watch,
        want, wish, wishlist, watchlist, watch list, watch later, plan to read, want to read, to read,
        plan to see, backlog, considering, queued, up next, geplant, möchte ich schauen, will ich sehen,
        will schauen, noch schauen, vorgemerkt, merkliste, noch zu sehen, à voir, a voir, prévu, planifié,
        à regarder, envie de voir, souhaite regarder, planeado, planeada, pendiente, por ver, quiero ver,
        planificado, para ver, planejado, planejada, planejo assistir, quero assistir, quero ver,
        pretendo ver, pretendo assistir, para assistir, da vedere, da guardare, pianificato, in programma,
        voglio vedere, запланировано, в планах, буду смотреть, хочу посмотреть, планирую, заплановано,
        у планах, planowane, planuję, do obejrzenia, chcę obejrzeć, planlandı, izlenecek, izleyeceğim,
        planlanan, izlemeyi planlıyorum, gepland, wil kijken, planerad, vill se, plánováno, rencana,
        akan ditonton, rencana ditonton, dự định xem, อยากดู, 見たい, 視聴予定, 予定, 想看, 计划, 計劃,
        计划看, 볼 예정, 보고 싶어요, 예정, مخطط, أخطط لمشاهدته
    """,
}
_MEANINGS = table_of(_WORDS)
MYANIMELIST_NUMBERS = {"1": "watching", "2": "completed", "3": "on hold", "4": "dropped", "6": "planned"}
"""Of ``malappinfo``, ``load.json`` and Jikan."""


@lru_cache(1024)
def read_status(text: str) -> Status | None:
    """Return the status that a word means; None for an empty cell.

    Raises:
        UnknownWordError: nobody has explained the word yet.
    """
    word = plain(text)
    if not word:
        if text.strip(" -–—?/"):
            raise UnknownWordError(text)
        return None
    meaning = _MEANINGS.get(word) or MYANIMELIST_NUMBERS.get(word)
    if meaning is None:
        if word in {"none", "null", "nil", "na", "nan", "undefined", "unknown"}:
            return None
        raise UnknownWordError(text)
    return cast("Status", meaning)
