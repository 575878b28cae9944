"""The TwiML that this server answers with."""

from __future__ import annotations

from collections.abc import Mapping

from twilio.twiml.voice_response import Connect, Dial, Gather, Start, Stop, VoiceResponse

from models.call import Lang

_SAY_LANGUAGE: Mapping[Lang, str] = {"zh": "zh-CN", "en": "en-US"}

#: Said by the telephone company's voice when ours cannot be reached.
APOLOGY: Mapping[Lang, str] = {
    "zh": "非常抱歉，我们的线路出了故障。我们会尽快给您回电。再见。",
    "en": "We are very sorry, our line has failed. We will call you back soon. Goodbye.",
}
#: Said when nobody could take over the call.
NOBODY_FREE: Mapping[Lang, str] = {
    "zh": "非常抱歉，现在没有同事可以接听。我们会尽快给您回电。再见。",
    "en": "We are very sorry, nobody can answer now. We will call you back soon. Goodbye.",
}
#: Said while every line is taken; the keys are read at `/voice/busy`.
BUSY: Mapping[Lang, str] = {
    "zh": (
        "现在线路都忙，请稍等。要我们给这个号码回电，请按1。"
        "要回别的号码，请输入号码，按井号键结束。"
    ),
    "en": (
        "All our lines are busy, please hold. To be called back at this number, press 1. "
        "To be called at another number, enter it and press the pound key."
    ),
}
#: Said to somebody who will be called back at a number of their own choice.
CALL_BACK: Mapping[Lang, str] = {
    "zh": "好的，我们会尽快给您回电。再见。",
    "en": "All right, we will call you back soon. Goodbye.",
}
#: Said to somebody whom we called about what is settled meanwhile.
NOT_NEEDED: Mapping[Lang, str] = {
    "zh": "您好，您的事情已经办好了，打扰您了。再见。",
    "en": "Hello, everything is settled already. Sorry to have disturbed you. Goodbye.",
}
_VOICE_MAIL: Mapping[Lang, str] = {
    "zh": "您好，这里是{company}，给您回电没有找到您。请您方便时拨打{number}。再见。",
    "en": "Hello, this is {company}. We called you back and did not reach you. "
    "Please call us at {number}. Goodbye.",
}
#: The fork's name among a call's streams.
FORK = "person"
#: How long a caller is left alone between two times of asking, seconds.
_HOLD_S = 10


def stream_url(base_url: str, path: str = "/voice/stream") -> str:
    """A media socket's address: `wss` where the server is reached by `https`."""
    scheme, _, rest = base_url.partition("://")
    return f"{'wss' if scheme == 'https' else 'ws'}://{rest}{path}"


def connect(base_url: str, parameters: Mapping[str, str], *, attempt: int) -> str:
    """Connects the call with a media stream; when that closes, asks `/voice/after`.

    Args:
        parameters: handed to the stream's `start`; a stream's URL carries no query.
        attempt: which stream of this call it is, from 1.
    """
    response = VoiceResponse()
    connection = Connect()
    stream = connection.stream(
        url=stream_url(base_url),
        status_callback=f"{base_url}/voice/status",
        status_callback_method="POST",
    )
    for name, value in parameters.items():
        stream.parameter(name=name, value=value)
    response.append(connection)
    response.redirect(f"{base_url}/voice/after?attempt={attempt}", method="POST")
    return str(response)


def fork(base_url: str) -> dict[str, str]:
    """Name, address, tracks and reports of the stream that carries what two people say to us."""
    return {
        "name": FORK,
        "url": stream_url(base_url, "/voice/fork"),
        "track": "both_tracks",
        "status_callback": f"{base_url}/voice/status?fork=1",
    }


def dial(
    base_url: str,
    number: str,
    caller_id: str | None,
    token: str,
    *,
    last: bool = False,
    owner: bool = False,
) -> str:
    """Connects the caller with a person; afterwards asks `/voice/dialled`.

    What the two say is forked to us meanwhile. Twilio goes on with the TwiML at once.

    Args:
        token: lets the fork in; empty where there is one already.
        last: nobody else is rung when this person does not answer.
        owner: it is the order's own clerk; the desk's number is rung next.
    """
    response = VoiceResponse()
    if token:
        start = Start()
        stream = start.stream(**fork(base_url), status_callback_method="POST")
        stream.parameter(name="token", value=token)
        response.append(start)
    told = "?last=1" if last else "?owner=1" if owner else ""
    person = Dial(
        action=f"{base_url}/voice/dialled{told}",
        method="POST",
        answer_on_bridge=True,
        timeout=30,
        caller_id=caller_id,
    )
    person.number(number)
    response.append(person)
    return str(response)


def ask_for_patience(base_url: str, lang: Lang, *, asked: int) -> str:
    """Every line is taken: a number to call back, or another try after a while.

    Args:
        asked: how often this caller was asked already.
    """
    response = VoiceResponse()
    keys = Gather(
        input="dtmf",
        timeout=_HOLD_S,
        finish_on_key="#",
        action=f"{base_url}/voice/busy?asked={asked + 1}",
        action_on_empty_result=True,
        method="POST",
    )
    keys.say(BUSY[lang], language=_SAY_LANGUAGE[lang])
    response.append(keys)
    return str(response)


def voice_mail(company: str, number: str, lang: Lang) -> str:
    """What an answering machine is told; the number is said digit by digit."""
    digits = " ".join(number.removeprefix("+86") if lang == "zh" else number)
    return _VOICE_MAIL[lang].format(company=company, number=digits)


def say_and_hang_up(text: str, lang: Lang, *, forked: bool = False) -> str:
    """A last sentence, then the end of the call.

    Args:
        forked: the call is forked to us; the sentence is none of a person's.
    """
    response = VoiceResponse()
    if forked:
        stop = Stop()
        stop.stream(name=FORK)
        response.append(stop)
    response.say(text, language=_SAY_LANGUAGE[lang])
    response.hangup()
    return str(response)


def hang_up() -> str:
    """The end of the call."""
    response = VoiceResponse()
    response.hangup()
    return str(response)
