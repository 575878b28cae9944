"""Yes or no, intents and wishes, from tidy text (pure)."""

from __future__ import annotations

import re

from models.call import Lang
from nlp.meaning import Intent, Polarity, Wish

_NOT_AN_ANSWER = r"越.{1,2}越好|最好|好(?:吃|用|的货)|[你您]好|可以.{1,8}吗|对不起|对了，|对方|对接|绝对|不好意思|是不是|(?<!不)对不对|行不行|可不可以|(?<!没)有没有|好不好|要不要|能不能|不仅|不但|不管|不过|不超过|不到|不少于|好像|好多|没多|可以吗|行李|银行|同行|好友|不锈钢|无纺布|无人机|无水|无线|无尘|无缝|非金属|非织造|非标"
_YES_DESPITE_NO = (
    r"没有?(?:什么)?(?:问题|错|毛病|异议|意见)|一点(?:儿)?(?:问题|错|毛病)(?:都|也)?没有?|没错|不错|不是不对|不会错|没啥问题|不介意|无误|毫无问题|没什么不对|没有不对|不能再对|没有任何问题|没有什么不对|"
    r"(?:没有?(?:什么|啥)?|不是|不会|无)不(?:对|行|妥|可以|好|同意|能|要|合适)|没有?(?:什么|啥)?(?:别的|其他|其它)(?:的)?(?:问题|意见|要改的?|错)|"
    r"(?:不用|不需要|不必|无需|不再|没(?:有)?(?:什么|啥)?(?:需要|要|可)?|甭|别)(?:再|做)?(?:修改|更改|改|变动|变|调整|更正|纠正|订正)(?:了|的|动|吧)?(?=$|，|的|了)|"
    r"(?:没有?|无)(?:出入|差错|错误|异议|偏差|二话|说的|得说|任何错)|那?可不(?:是|咋的|咋地)?(?:嘛|吗|么|呗)?(?=$|，)|一点(?:都|也)?不(?:差|错)|丝毫不差|分毫不差|不差|差不了"
)
_NO = (
    r"不(?:太|大|怎么|是很|完全|全|一定)?对|不是|没有|没(?:$|了|啊|呢|的|，)|不用|不需要|不必|不要|不行|不可以|不好|不成|不同意|不确认|错了|错的|有误|有错|不正确|不准确|"
    r"不带|不含|不包含|不包括|不存在|不属于|别(?:$|了|，)|^否|^无(?:$|，|的)|^非|^不(?:$|，|了|啊|呢|的|嘛)|，不(?:$|，)|弄错|搞错|听错|记错|写错|有问题|不一样|不算|哪有|没带|没装|不会|"
    r"不(?:中|OK|ok|可能|愿意|想要?|大行|大好|同)(?:$|，|了|的|啊|呀)|不不|当然不|^错|错误|哪(?:儿|里)?对了?|"
    r"有(?:一?点儿?|一?些|个|小)?(?:问题|出入|不对|偏差|差错|毛病)|没.{0,2}[说写记念报听弄]?对(?!应|象|接)|不(?:太|大|怎么|很|是很)?(?:行|可以|合适|方便|正确|准确|愿意|乐意|情愿|赞成|赞同|认可|符合|一致|属实|符|成立)|对不上|"
    r"拉倒|^甭|休想|没(?:戏|门|这个?事|这一出|这么回事)|(?:绝|决)不|非也|差远了|差得远|免谈|谁说的|不了(?:$|，)|未必|哪能|怎么(?:会|可能)|不怎么(?:样|对|行)|拒绝|否认|免了|^算了吧?(?:$|，)|算了吧$|没(?:必要|这回事|那回事|门儿?$)|不干|"
    # Heard for 不… and 没有.
    r"^[部布步补]是|^[部布步补][对队行好要用]|(?<![到发给从在])部队(?=是|，|的|$)|^[梅每媒煤美][有油友]的?(?:$|，)|^[无勿][是事]的?(?:$|，)"
)
_YES = (
    r"^有一?[点些](?:儿)?(?:吧|的)?(?:$|，)|"
    r"对(?!面|外|应|比|方|接|于|了，|照|讲)|是(?:的|啊|呀|呢|滴|嘞|$|，)|^是(?!不是|谁|哪|什么|从|在|要发|一)|嗯|恩|没错|可以|行(?!车|业|程|政)|好(?:的|呀|啊|嘞|吧|了|$|，|滴|，好)|^好|正确|没问题|确认|同意|当然|"
    r"(?<!没)(?<!都)有(?:的|啊|呀|$|，)|^(?:有|要|需要|带|含)(?:的|啊|呀|$|，)|就是|就这样|OK|ok|Ok|okay|yes|欧克|中(?:$|，)|得嘞|成(?:$|，)|准确|无误|赞成|必须的?$|必须的|说得对|一点没错|"
    r"确定|肯定|[欧妥](?:$|，|了|的|当)|没差|没跑|就(?:它|他|这个|这么|按|照|那样?)(?:了|办|定|来|吧|着|的)|按.{1,6}(?:办|来)(?:吧|$)|"
    r"^[您你]?(?:帮我)?(?:下单|提交|发|继续|登记|安排|说|来)吧$|^想要|^[呢]$|阔以|问题不大|认可|准的|赞同|那是|错不了|可不是?$|可行|(?<!不)中的?$|"
    r"绝对(?:的|是|$)|正是|属实|符合|一致|通过|认同|照办|成交|要得|使得|走起|没的说|妥妥|批准|^(?:得|中|妥|成|好|行|对|嗯|是|欧了|嗯[呐哪]|OK){1,4}了?$|百分之?百|百分之一百|👌|✅|🆗|"
    r"对头|对路|[没无]疑|那必须|必须滴|必须地|当然了|自然(?:是|的|$)|就对了|照你说的|听你的|随你|都[对行好可]"
)
_EN_NOT_AN_ANSWER = r"\bno later than\b|\bnot? (?:later|more|less|fewer|earlier|sooner|over|under) than\b|\bno\.? ?(?=\d)|\bright (?:now|away|after|before|next)\b|\bnot only\b|\bif not\b|\bwhether or not\b|\bor not\b|\bgood (?:morning|afternoon|evening|day)\b"
_EN_YES_DESPITE_NO = (
    r"no problems?|not a problem|no issues?|nothing(?:'s| is)? wrong|no worries|not wrong|no mistakes?|no errors?|can't be more right|why not|no doubt|no objections?|no complaints|"
    r"(?:can't|cannot|can not|couldn't|could not|wouldn't) (?:complain|argue|fault|be (?:better|more)|agree more|have (?:said|put) it|ask for)|"
    r"don't see (?:why not|a problem|any)|do not see why not|no reason not|don't mind|do not mind|not bad|never better|without (?:a |any )?(?:doubt|question)|no question|make no mistake|"
    r"(?:no|without|not any|don't need any|nothing) (?:further |more |other |to |needs? |that needs? )*(?:chang(?:es?|ing)|corrections?|correct(?:ing)?|amend(?:ments?)?|fix(?:ing)?|add(?:ing)?|comments?)\b|"
    r"no need (?:to change|for changes?)|doesn't need (?:any )?chang\w+|^no,? (?:no,? )?(?:that(?:'s| is)|it(?:'s| is)|everything(?:'s| is)|you(?:'re| are)|all) (?:all |perfectly |quite )?(?:fine|right|correct|ok|okay|good|perfect|great)\b(?! (?:but|except))|"
    r"isn't (?:that|it) (?:great|right)|not (?:at all )?a bother|not to worry|don't worry"
)
#: A yes that opens an answer is the answer, unless the rest takes it back.
_EN_OPENS = re.compile(
    r"^(?:oh |well,? |um,? |and )?(?:yes|yeah|yep|yup|sure|correct|agreed|ok(?:ay)?)\b[.,!;… -]+(?P<rest>.+)"
)
_EN_TAKES_BACK = re.compile(
    r"^(?:no|not|nah|nope)\b|\b(?:but|except|only|however|wrong|incorrect|mistaken?|errors?|should be|change|instead|disagree|rather)\b|\bnot (?:ok|okay|right|correct|quite|really|exactly|yet|it|true|so|the|that)\b|n't\b|\b(?:no|not any|without|nothing) (?:dangerous|hazard\w*|batter\w+|liquids?|such|like)\b|\bnothing\b"
)
_EN_NO = (
    r"\bno\b|\bnope\b|\bnah\b|\bnot\b|\bnone\b|\bwrong\b|\bincorrect\b|n't\b|\bnever\b|\bnegative\b|\bnothing\b|"
    r"\bmistaken?\b|\berrors?\b|\bfalse\b|\bnay\b|\b(?:disagree|refuse|decline|cannot|hardly|unfortunately)\b|\bnuh[ -]uh\b|^uh[ -]uh$|\b(?:something|it|that)(?:'s| is) off\b|👎|\brather not\b|\bdoubt (?:it|that)\b|\bforget (?:it|that)\b|\bno way\b|\bout of the question\b|\bfar from it\b|\bunlikely\b|\bcontrary\b|\bcount me out\b|\bfat chance\b|❌|🙅|"
    r"\bexcept\b|^(?:know|noe|nop|noop|naw)\b|\bknot\b|\bin correct\b|\bwithout\b|\bisnt\b|\bdont\b|\bdoesnt\b|\bneither\b|\bhold on\b.*\bwrong\b"
)
_EN_YES = (
    r"\byes\b|\byeah\b|^(?:yah|yap|yeh|yass?)\b|\byep\b|\byup\b|\byea\b|\bcorrect\b|\bright\b(?! (?:now|away))|\bsure\b|\bok(?:ay)?\b|\bexactly\b|\bof course\b|"
    r"\bindeed\b|\babsolutely\b|\bcertainly\b|\bthat's it\b|\bconfirm(?:ed)?\b|\bfine\b|\bgood\b(?! morning| afternoon| evening)|\bgo ahead\b|\bagreed?\b|\bperfect\b|\baffirmative\b|\buh-?huh\b|\bmm-?hmm\b|\bit does\b|\bit is\b|\bthey do\b|\bwe do\b|\bi do\b|\bthere (?:is|are)\b|\bplease do\b|\bdefinitely\b|\btrue\b|\bgreat\b|\bsounds good\b|"
    r"^(?:ya|yas?|k+|okey|cool|positive|totally|naturally|surely|bingo|aye|roger(?: that)?|alright|all right|yes ?sir|yessir|very well|do it|i am|i guess|i suppose|mhm+|spot on)\b[,. ]*|"
    r"\b(?:you (?:got it|bet)|i (?:think|guess|believe|suppose|hope) so|by all means|(?:that|it|which)(?: also)? works|works for me|that(?:'ll| will) do|let's (?:do it|go)|go for it|spot on|that's (?:the one|me|us)|(?:all|everything) (?:is )?(?:good|there)|i'd (?:love|like) (?:to|that|it)(?:$|,)|uh-? ?huh|mm+-? ?hmm+|yea+h*|alright|all right)\b|"
    r"^(?:(?:please )?(?:submit|book|send|place|confirm) (?:it|that|the order)(?: please)?)$|👍|👌|✅|🆗|"
    r"\b(?:fine|ok|okay|happy|good|cool|down) with (?:that|it|this|me|everything)\b|^m+[ -]?h+m+\b|^(?:ye|yuh|yuppers|oki|okie|okey)\b|\b(?:precisely|gladly|righto|right on|right you are|fair enough|very much so|good to go|hundred percent|with pleasure|so it is|as you say|that is the case|likewise|certainly|100 ?%|i (?:agree|concur|accept|approve|consent|will|would|have|did|can)|it (?:was|will|can)|they are|we (?:are|have|will|can)|that(?:'s| is) (?:the case|so|me|him|us))\b(?! (?:not|never))"
)
_INTENTS: dict[str, tuple[tuple[Intent, str], ...]] = {
    "zh": (
        (Intent.AGENT, r"转?人工|(?:让|叫|请|换)[你您]?们?(?:的|这边|那边)?(?:一?个|一?位)?(?:同事|工作人员|业务员?|销售|调度|老板|主管|师傅|领导|经理|负责人|客服|人工)(?:来|接|过来|听|说|联系|跟我)|(?:找|转|换|接|叫)(?:一?个|位)?(?:真人|人工|客服|人(?!民)来?(?:说|听|接)?$|活人|经理|领导|负责人)|真人|接线员|不(?:想)?(?:跟|和)机器|你是机器人|转接|客服人员"),
        (Intent.REPEAT, r"再(?:说|讲|念|报|重复)(?:一?[遍次下])?|重复一?[遍下]|重新(?:说|念|报)|没(?:有)?听(?:清|见|到|懂|明白)|听不(?:清|见|到|懂)|你说什么|什么[？]?$|刚才说(?:什么|的啥)|啥[？]?$|说啥"),
        (Intent.CANCEL, r"取消|撤销|撤单|作废|(?<!能)(?<!会)不(?:想|打算|准备|需要)?(?:发货?|寄|运|下单|走)了|(?:单子?|货|票|订单)(?:我)?(?:先|就)?(?:不要|不发|不走|不下|算|别发|退)了|(?:单子?|订单)(?:帮我|给我)?(?:撤|取|退|消|废)|不要(?:发|寄|运)了|退单|算了吧?，?不"),
        (Intent.STATUS, r"(?:查|问)(?:一?下|询|个)*.{0,8}?(?:单|货|件|物流|运单|订单|进度|状态|到哪)|到(?:哪|那)(?:里|儿)?了|什么时候(?:能)?到(?!.{0,3}提)|到了(?:没有?|吗)|(?:发|送|运)(?:到|出)?(?:哪里|哪儿|去?了)(?:没|吗)|单号.{0,6}(?:查|到|状态)|货(?:物)?(?:现在)?(?:在哪|到哪)|查件|查货|(?:到|走到|在)哪一?步|走到哪|物流信息|运输状态|签收了(?:没|吗)|还没(?:有)?(?:到|收到)"),
    ),
    "en": (
        (Intent.AGENT, r"(?:speak|talk|transfer|connect|put|pass) (?:me )?(?:to|with|through)?.{0,20}?(?:agent|human|person|operator|representative|someone|somebody|manager|staff|supervisor)|real (?:person|human)|\boperator\b|human being|customer service|\ba human\b|an agent|representative"),
        (Intent.REPEAT, r"repeat|say (?:that|it) again|(?:once|one) more time|pardon|come again|didn't (?:catch|hear|get)|what (?:was|did you say)|\bsay again\b|can't hear|couldn't hear|again please|^what\??$|excuse me\??$|^sorry\??$"),
        (Intent.CANCEL, r"\bcancel|call (?:it|that) off|don't (?:want|need) (?:to (?:ship|send) )?(?:it|this|the order) (?:any ?more|any longer)|forget (?:it|the order)|scrap (?:the|this) order|never mind the order|withdraw"),
        (Intent.STATUS, r"\bwhere\b.{0,20}(?:shipment|order|cargo|goods|package|freight|parcel|delivery)|track|status of|(?:check|know) (?:on )?(?:the |my )?(?:status|progress)|when (?:will|does|is).{0,25}(?:arriv|deliver(?:ed|y)|get (?:here|there))|has (?:it|my|the).{0,20}(?:arrived|been delivered|left|shipped)|any update|order status|shipment status"),
    ),
}  # fmt: skip
_WISHES: dict[str, tuple[tuple[Wish, str], ...]] = {
    "zh": (
        (Wish.WRONG_NUMBER, r"打错(?:电话|了)|拨错|我没打|打错号"),
        (Wish.WHO_CALLS, r"(?:你们?|您|请问)(?:这边|那边|这里|那里)?(?:到底|究竟)?(?:是|叫)?(?:谁|哪一?位|哪里|哪儿|哪家|哪个公司|什么公司|什么单位)(?!收|发|签|付|负责|来|去|能|可以|方便|有)|(?:这|那)(?:里|边)?是(?:谁|哪里(?!发)|哪家公司|什么公司)(?!收|发|的(?!电话|公司))|谁打(?:来|过来)?的(?:电话)?|^(?:喂，)?(?:谁|哪位)[啊呀]?[？]?$"),
        (Wish.ABUSE, r"他妈|妈的|傻逼|傻[Xx]|混蛋|滚(?:蛋|开|吧)?$|神经病|有病(?:吧|啊)|王八|白痴|去死|操你|脑残|废物|智障"),
        (Wish.SPEAK_ENGLISH, r"说英[语文]|讲英[语文]|用英[语文]|换英[语文]|english"),
        (Wish.SPEAK_CHINESE, r"说(?:中文|普通话|汉语)|讲(?:中文|普通话)|用中文"),
        (Wish.SLOWER, r"慢(?:一?点|点儿|些)|太快了|说(?:得|的)?(?:太|这么)?快"),
        (Wish.WAIT, r"(?:稍|等|请等|等我|您等|你等)(?:等|一下|一等|会儿?|一会儿?|我?看看|我?查)|等[等下]|等一?下|稍等|别挂|我(?:看|查|找|问|拿)一?下|马上(?:告诉|看|查)|等会"),
        (Wish.CHANGE_ORDER, r"(?:改|修改|变更|更改|换)(?:一?下)?(?:我)?(?:的|之前|昨天|刚才|上午|早上|今天|前面|上一)+.{0,8}(?:单|订单|的?货|那票)|改单|(?:之前|昨天|刚才|上次)(?:下|发|订|定)的?.{0,4}(?:单|订单|货).{0,8}(?:改|换|变)"),
        (Wish.ANOTHER_ORDER, r"(?:再|还要|还想|另外|还有)(?:下|发|寄|来|有|要|运|走)(?:一|另)?(?:个|票|单|批|件|订单|下)|还有一[票批单个](?:货|订单)?|再[来下发]一|另一[票单批]|再发"),
        (Wish.NOTHING_MORE, r"没(?:有)?(?:什么)?(?:特别|特殊|其他|额外)?的?(?:要求|备注|说明|注意事项|需要注意)|没(?:有)?(?:别的|其他|其它|了|什么了|事了|什么事|啥了|啥事)|就这[样些](?:了|吧)?|就这么多|不用了(?:，|$|谢)|没事了?|不需要了|够了|完了|先这样|再见|拜拜|没有了"),
        (Wish.THIS_NUMBER, r"(?:就|用|是|打)?(?:这个|本机|现在这个|这)(?:号码?|手机|电话)|我(?:现在)?打(?:过来|电话|进来)?的?这个|本机|就这个号?|来电(?:的)?号码|当前号码"),
        (Wish.SAME_AS_BEFORE, r"(?:跟|和|同|还是|像|按)(?:上次|以前|之前|老|上回|往常|平时|原来|一直)|老地方|老样子|照旧|(?:跟|和).{0,4}一样(?!的)|还是(?:那里|那儿|原来|那个)|老地址|照老|一样的?地址"),
        (Wish.DONT_KNOW, r"不(?:知道|清楚|太清楚|确定|太确定|晓得|好说|记得|了解)|没(?:量|称|算)(?:过)?|说不(?:好|准|上来)|忘(?:了|记)|还没(?:定|确定|称|量|想好)|待定|没概念|不太了解"),
        (Wish.GREETING, r"^(?:喂|你好|您好|哈喽|早上好|下午好|晚上好|喂你好)[，啊呀]*(?:你好|您好|喂)?$"),
    ),
    "en": (
        (Wish.WRONG_NUMBER, r"wrong number|misdial"),
        (Wish.WHO_CALLS, r"who(?:'s| is) (?:this|that|it|calling|speaking)(?! for| to)\b|who are you\b|(?:which|what) company (?:is (?:this|that)|are you|do you)|who am i (?:speaking|talking)|where are you calling from"),
        (Wish.ABUSE, r"\bfuck|\bshit\b|\bidiot\b|\bstupid\b|\basshole\b|\bmoron\b|\bbastard\b"),
        (Wish.SPEAK_CHINESE, r"(?:speak|in|use|switch to) (?:chinese|mandarin)|中文|普通话"),
        (Wish.SPEAK_ENGLISH, r"(?:speak|in|use|switch to) english"),
        (Wish.SLOWER, r"slow(?:er|ly)|slow down|too fast"),
        (Wish.WAIT, r"(?:hang|hold) on|(?:one|just a|a|wait a) (?:moment|second|minute|sec)|\bwait\b|give me a|let me (?:check|look|find|ask)|bear with me|hold the line"),
        (Wish.CHANGE_ORDER, r"(?:change|modify|amend|update|edit) (?:my|an|the|yesterday's|that|a)?\s?(?:earlier|previous|existing|last|other)?\s?(?:order|booking|shipment)\b"),
        (Wish.ANOTHER_ORDER, r"another (?:order|shipment|one|booking|consignment)|one more (?:order|shipment|booking|thing to (?:ship|send))|second (?:order|shipment)|place another|book another|also (?:ship|send|need to)"),
        (Wish.NOTHING_MORE, r"(?:that's|that is|that'll be|that will be) (?:all|it|everything)|nothing (?:else|more)|no more\b|i'm (?:done|all set|good)|we're (?:done|good)|all (?:good|done|set)\b|no,? thank|bye"),
        (Wish.THIS_NUMBER, r"this (?:number|phone|one)|(?:same|the) (?:number|phone)(?: (?:that )?)i'?m? (?:am )?call|calling from|number i (?:called|am using)|current number|my caller id"),
        (Wish.SAME_AS_BEFORE, r"same as (?:before|last|usual|always|the last)|the usual|as (?:usual|before|always)|same (?:place|address|one|as)|like last time"),
        (Wish.DONT_KNOW, r"(?:don't|do not|dont) (?:really )?(?:know|remember|recall|have (?:it|that|the))|not (?:really |quite |so )?sure|no idea|not certain|can't (?:say|tell|remember)|haven't (?:measured|weighed|decided)|unknown|to be decided"),
        (Wish.GREETING, r"^(?:hello|hi|hey|good (?:morning|afternoon|evening))(?: there)?$"),
    ),
}  # fmt: skip
_WAITING = (Wish.WAIT, Wish.DONT_KNOW)


def polarity(text: str, lang: Lang) -> Polarity | None:
    """Yes or no, or None where the text answers no yes/no question."""
    if lang == "en" or text.isascii():
        plain = re.sub(_EN_NOT_AN_ANSWER, "_", text.lower().replace("’", "'"))
        opens = _EN_OPENS.match(plain)
        if opens and not _EN_TAKES_BACK.search(re.sub(_EN_YES_DESPITE_NO, "_", opens["rest"])):
            return "yes"
        return _polarity(plain, _EN_YES_DESPITE_NO, _EN_NO, _EN_YES)
    plain = re.sub(_NOT_AN_ANSWER, "＿", text)
    return _polarity(plain, _YES_DESPITE_NO, _NO, _YES)


def _polarity(text: str, despite: str, no: str, yes: str) -> Polarity | None:
    kept = re.sub(despite, "＿", text)
    if re.search(no, kept):
        return "no"
    return "yes" if kept != text or re.search(yes, text) else None


def intent(text: str, lang: Lang) -> Intent | None:
    """A wish that stands by itself (a person, again, cancel, where is it), or None."""
    return next((i for i, pattern in _INTENTS[lang] if re.search(pattern, text)), None)


def wish(text: str, lang: Lang) -> Wish | None:
    """The finer wish, or None."""
    return next((w for w, pattern in _WISHES[lang] if re.search(pattern, text)), None)
