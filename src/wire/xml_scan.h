// SPDX-License-Identifier: GPL-2.0-or-later
/* A text of XML cut into its elements' starts, ends and text: what XML-RPC needs of XML,
 * whole texts in memory only.
 *
 * UTF-8 whatever is declared.  Read over, but held to the rules: the declaration, comments,
 * processing instructions, attributes (that none stands twice is not looked at).  Refused:
 * a DOCTYPE, and so any entity but XML's own five; names that are not ASCII.  That there is
 * one root, and that it ends, is the caller's to see to.  No state but the scanner. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/cleanup.h"

enum xml_piece {
    XML_START, /* of the element of that name */
    XML_END,   /* likewise; an empty element gives both */
    XML_TEXT,  /* some of it; the rest may follow, right behind it or behind a comment */
    XML_DONE,  /* nothing follows */
    XML_WRONG, /* 'what' says why; nothing follows */
};

struct xml_scanner {
    const char *begin, *at, *end;
    const char *place;       /* where the piece begins in the text */
    const char *text;        /* XML_START, XML_END: the name; XML_TEXT: what it says */
    size_t len;              /* of 'text', which has no NUL behind it */
    const char *open;        /* the caller's: the name of the innermost element that is */
    size_t open_len;         /* open, which an end must bear; NULL: none is */
    const char *what;        /* XML_WRONG: a constant phrase */
    bool is_empty, is_cdata; /* what comes next: the end of an empty element, a section */
    char character[4];       /* of a reference */
};

void xml_scan(struct xml_scanner *in, const char *text, size_t size);
enum xml_piece xml_next(struct xml_scanner *in) MUST_CHECK;
bool xml_is_space(const char *text, size_t len);
