# SPDX-License-Identifier: MIT
# uci export gatepost | awk -f uci-to-json.awk: the agent's configuration. The section of type
# gatepost gives the keys at the top, each section of type account an account. A value of digits
# alone is a number where the key is one of numbers; the rest are texts, and lists stay lists.

function is_number(key) {
	return key ~ /(_s|_bytes)$/
}

function quoted(text) {
	gsub(/\\/, "\\\\", text)
	gsub(/"/, "\\\"", text)
	gsub(/\t/, "\\t", text)
	return "\"" text "\""
}

# The word at the beginning of rest, without its quotes: 'it'\''s' is one word.
function word(    out, end) {
	sub(/^[ \t]+/, "", rest)
	out = ""
	while (rest != "" && rest !~ /^[ \t]/) {
		if (substr(rest, 1, 1) == "'") {
			end = index(substr(rest, 2), "'")
			if (end == 0)
				fail("a quote is not closed")
			out = out substr(rest, 2, end - 1)
			rest = substr(rest, end + 2)
		} else if (substr(rest, 1, 1) == "\\") {
			out = out substr(rest, 2, 1)
			rest = substr(rest, 3)
		} else {
			match(rest, /^[^ \t'\\]+/)
			out = out substr(rest, 1, RLENGTH)
			rest = substr(rest, RLENGTH + 1)
		}
	}
	return out
}

function fail(words) {
	print "gatepost: line " NR " of the configuration: " words > "/dev/stderr"
	failed = 1
	exit 1
}

# section 0 is the top; keys of a section are kept in the order in which they came.
function keep(key, value, is_list,    id) {
	id = section SUBSEP key
	if (!(id in kind)) {
		order[section, ++keys[section]] = key
		kind[id] = is_list
		text[id] = value
	} else if (is_list) {
		text[id] = text[id] ", " value
	} else {
		text[id] = value
	}
}

function members(at, indent,    i, id, out, value) {
	out = ""
	for (i = 1; i <= keys[at]; i++) {
		id = at SUBSEP order[at, i]
		value = kind[id] ? "[" text[id] "]" : text[id]
		out = out (i > 1 ? ",\n" : "") indent quoted(order[at, i]) ": " value
	}
	return out
}

BEGIN {
	section = -1
	accounts = 0
}

{
	rest = $0
	what = word()
	if (what == "config") {
		type = word()
		if (type == "account")
			section = ++accounts
		else if (type == "gatepost")
			section = 0
		else
			fail("there is no section of type " type)
	} else if (what == "option" || what == "list") {
		key = word()
		value = word()
		if (section < 0)
			fail("an option outside of a section")
		if (section == 0 && key == "enabled")
			next
		value = is_number(key) && value ~ /^[0-9]+$/ ? value : quoted(value)
		keep(key, value, what == "list")
	}
}

END {
	if (failed)
		exit 1
	print "{"
	top = members(0, "    ")
	if (top != "")
		print top ","
	print "    \"accounts\": ["
	for (i = 1; i <= accounts; i++)
		print "        {\n" members(i, "            ") "\n        }" (i < accounts ? "," : "")
	print "    ]\n}"
}
