"""The rules for sentences that pages print word for word, so that they are known amid a line of the article's as well.

A page pasted as one line, and many data sets of news, have them there: `corpus.furniture_apart` sets them on lines of
their own. All other rules, which judge whole lines, are `corpus.furniture_rules`'.
"""

from corpus.furniture_shapes import (
    AGENCY,
    NAME,
    NAMES,
    PUBLISHER,
    SHORTENED,
    Rule,
    ends_in_credit,
    is_all,
    is_appeal,
    is_copyright,
    one_sentence,
    shaped,
    unreported,
)

_STAFF = rf"(?:[Rr]eporting|[Ww]riting|[Aa]dditional [Rr]eporting|[Ee]diting) by {NAMES}"
# What may follow the words of a form: a few more, or many up to its usual end.
_BRIEF = r"\b(?! (?:that|which)\b| (?-i:[A-ZÀ-Þ][a-z’']* [a-z]))(?=(?: ?\S+){0,6}$|.*\binbox\W*$)"
_SWITCH_ON = (
    r"(?:enable|turn on|allow) (?:java ?script|js|cookies)(?: and (?:(?:enable|allow) )?(?:java ?script|js|cookies))?"
)
_FOR_POSTS = r"to (?:receive|get) new posts(?: and (?:to )?support (?:my|our) work)?"
_REPRINTS = r"Order Reprints ?\| ?Today[’']s Paper ?\| ?Subscribe"

FIXED_RULES: tuple[Rule, ...] = (
    Rule(
        "comment form text",
        is_appeal(
            r"your email address will not be published[. ]*$|required fields are marked\b|"
            r"save my name, email,? and website in this|"
            r"notify me of (?:follow-?up|new) (?:comments|posts)\b|this site uses akismet\b|"
            r"you must be logged in to post(?: a comment| a reply)?[. ]*$|please enable javascript to view the comments\b|"
            r"learn how your comment data is processed"
        ),
        40,
        "the fixed sentences of that form",
    ),
    Rule(
        "ad blocker",
        is_appeal(
            r"ad ?-?block(?:er|ing)?(?: software)? (?:is |has been )?detected\b|"
            r"our website is made possible by displaying online adv|"
            r"please consider supporting us by disabling your ad|"
            r"please (?:disable|turn off|whitelist us in) your ad ?-?block(?:er|ing)?s?(?: software)?"
            r"(?: (?:to (?:continue|keep reading|proceed|support us)|to (?:read|view|access) (?:this|the|our) "
            r"(?:page|site|website|content|article|story)|and (?:reload|refresh|try|continue)|on this (?:page|site|website)|"
            r"for (?:this|our) (?:page|site|website))\b[^.!?]{0,40})?[.! ]*$|"
            r"(?:we|it looks like)(?:['’]ve| have)? (?:noticed|detected|see)?(?: that)? ?you(?:['’]re|"
            r" are) using an ad ?-?block"
        ),
        40,
        "a wall shown to whoever blocks advertisements",
    ),
    Rule(
        "game",
        shaped(rf"[Nn]eed a break\? [Pp]lay (?:{SHORTENED}|[^.!?])*+[.!]?"),
        14,
        "a link to the paper's crossword between two paragraphs",
    ),
    Rule(
        "newsletter note",
        is_appeal(
            r"(?:editor['’]s note: )?(?:a version of )?this (?:story|article|column) (?:is part of|"
            r"(?:first )?appear(?:s|ed)(?: first)? in)"
            r"\b.*\bnewsletter\b|editor['’]s note: sign up\b|"
            r"\(?you can (?:also )?get .* delivered to your inbox|"
            rf"subscribe to our newsletter{_BRIEF}|sign up (?:for|to) (?:our|the) (?:[\w’'-]+ ){{0,3}}newsletters?{_BRIEF}"
        ),
        60,
        "says in which newsletter the piece also is",
    ),
    Rule(
        "registration form",
        is_appeal(
            r"we will use the (?:details|information) you have shared\b|"
            r"if you wish to object to the use of your data\b|"
            r"by (?:signing up|continuing to use this (?:site|website)|(?:submitting|providing) your "
            r"(?:information|e-?mail(?: address)?)|clicking (?:sign up|submit))"
            r",? you(?: will)? agree\b|we use vendors that may also process your information\b|"
            r"this (?:site|form|page) is protected by recaptcha(?: enterprise)?,? and the google privacy policy and\b|"
            r"we (?:and|value your privacy\. we and) our (?:\d[\d,]* )?(?:\w+ )?partners (?:store|use|process|access)\b.*"
            r"\b(?:cookies|device|personal data)\b|"
            r"we (?:and our partners )?use cookies (?:and|to|on|"
            r"for)\b.*\b(?:site|website|experience)\b"
        ),
        90,
        "the fixed sentences of sign-up forms and cookie walls",
    ),
    Rule(
        "script wall",
        is_appeal(
            rf"(?:please |you (?:need|have) to |you must )?{_SWITCH_ON}(?: (?:in|on) your browser)?"
            r"(?: (?:to|and|or) [^.!?,]{1,80})?[.! ]*$|"
            r"(?:we(?:['’]ve| have) detected that )?javascript (?:is|seems to be|appears to be) "
            r"(?:not (?:available|enabled)|disabled|required|turned off)(?: (?:in|on) (?:your|this) browser)?[.! ]*$|"
            r"this (?:site|website|page|app) (?:requires|needs) javascript(?: to [^.!?,]{1,40})?[.! ]*$|"
            r"verify (?:that )?you are (?:a )?human by completing the action below[. ]*$|"
            r"\S+ needs to review the security of your connection before proceeding[. ]*$"
        ),
        40,
        "all that a page says to whoever runs no script",
    ),
    Rule(
        "comment form text",
        unreported(
            is_all(
                r"(?:(?:what|how|who|which|do|are|will|did|have)\b[^.!?“”\"]*\byou\b[^.!?“”\"]*\? )?"
                r"(?:let (?:us|me) know|tell us|sound off|leave a comment|share your (?:thoughts|opinions?|views))\b"
                r"[^.!?,“”\"]{0,60}(?: (?:in|on) the comments?(?: section)?(?: below)?|(?<=comment) below)[.!]?"
            )
        ),
        40,
        "asks for comments under the piece",
    ),
    Rule(
        "newsletter note",
        is_all(
            r"(?:thanks|thank you) for reading [^.!?]{1,60}[.!] (?:this post is (?:public|free)|subscribe (?:for free|now))\b"
            rf"[^.!?]{{0,80}}[.!]?|subscribe for free {_FOR_POSTS}[.!]?|"
            rf"(?:[^.!?]{{1,60}} is a reader-supported publication\. )?{_FOR_POSTS}, (?:please )?consider "
            r"(?:becoming a|subscribing)\b[^.!?]{0,60}[.!]?"
        ),
        40,
        "what Substack sets into every letter",
    ),
    Rule(
        "print edition",
        shaped(
            rf"A version of this (?:article|story|review|column|essay|interview|obituary|piece|report|list) "
            rf"appear(?:s|ed) in print (?:on|in) (?:{SHORTENED}|[^.!?])*?\b(?:[Ss]ection|[Pp]age|edition)\b"
            rf"(?:{SHORTENED}|[^.!?])*+[.!?]?(?: ?{_REPRINTS})?|{_REPRINTS}"
        ),
        70,
        "where the piece stood on paper",
    ),
    Rule(
        "site links",
        is_all(
            r"our standards: the thomson reuters trust principles\.?(?:,? opens new tab)?|"
            r"purchase licensing rights(?:,? opens new tab)?"
        ),
        12,
        "what Reuters sets under every report",
    ),
    Rule(
        "caption",
        one_sentence(shaped(r"(?:[^“”\"]*[.!?)\w])?Credit(?:\.\.\.|…)[A-ZÀ-Þ][^.!?]{2,80}")),
        60,
        "a caption with its credit, as the New York Times glues it on",
    ),
    Rule(
        "full article",
        is_all(r"click(?: here)? to read the (?:full|whole|entire|rest of the) (?:article|story)[.!]?"),
        11,
        "a link to the text where the page has only its beginning",
    ),
    Rule(
        "affiliate links",
        unreported(
            is_all(
                r"(?:we|[\w’'& ]{3,40}) may (?:earn|receive) (?:an? )?(?:affiliate |small )?commissions? (?:from|on|for|if|when)"
                r" [^.!?]*\blinks?\b[^.!?]*\."
            )
        ),
        30,
        "says that the page earns by what its readers buy",
    ),
    Rule("copyright", is_copyright, 40, "who owns the page"),
    Rule(
        "photo credit",
        shaped(
            rf"[(\[]?(?:(?:Getty Images|{AGENCY}/{AGENCY})|REUTERS/{NAMES}(?:/File Photo)?|"
            rf"(?:[\w’'.-]+ ){{0,5}}[\w’'.-]+(?:[/|][\w’'. -]+)*[/|] ?{AGENCY})[)\]]?"
        ),
        16,
        "who took the photograph for which agency",
    ),
    Rule(
        "caption",
        one_sentence(shaped(r"FILE PHOTO: (?!.*\b(?:will|would|said|says|told)\b).+")),
        60,
        "agencies' captions of pictures from their archives",
    ),
    Rule("caption", ends_in_credit, 60, "a caption ends with its photographer and agency"),
    Rule(
        "contributors",
        one_sentence(shaped(rf"\(?{_STAFF}(?:; .*)?\.?\)?")),
        40,
        "who else worked on the piece",
    ),
    Rule(
        "contributors",
        one_sentence(
            shaped(
                rf"(?:{PUBLISHER} (?:[a-z]+ ){{0,2}}(?:[Ww]riter|[Rr]eporter|[Jj]ournalist|[Cc]orrespondent)s? )"
                rf"(?!.*\b(?:who|which|that)\b){NAME}"
                rf"(?:,? (?:and|in|from) (?:[A-Z][\w’'.-]*,? ?){{1,4}}){{0,6}},? ?contributed to this (?:report|story|article)\.?"
            )
        ),
        40,
        "the same as agencies sign it",
    ),
)
