namespace GeoFabric.Language.Tests.Reference;

/// <summary>What the language reference says about operations and operators. Functions speak for themselves, in their own tables.</summary>
internal static class ReferenceTables
{
    public static IReadOnlyList<ReferenceEntry> Operations { get; } =
    [
        new("FOR", "FOR variable IN expression [OPTIONS {..}]",
            "One row for each item of an array or document of a collection. A pattern takes items apart. Anything but an array is error 1563. Options: `indexHint`, `forceIndexHint`, `disableIndex`, `consistency`.",
            "FOR {name, address: {zip}} IN users FILTER zip < 1003 SORT zip RETURN [name, zip]"),
        new("RETURN", "RETURN [DISTINCT] expression",
            "The value of each row; with DISTINCT equal values once.",
            "FOR u IN users SORT u.city RETURN DISTINCT u.city"),
        new("FILTER", "FILTER expression",
            "Keeps the rows for which the expression is true in the sense of TO_BOOL. It filters where it stands: behind LIMIT, the limited rows.",
            "FOR i IN 1..6 FILTER i % 2 == 0 RETURN i"),
        new("LET", "LET name = expression[, ..]   LET [a, , b] = expression   LET {x, y: z} = expression",
            "A value under a name; patterns take arrays and objects apart, and missing parts are null.",
            "LET [a, , {b}] = [1, 2, { b: 3 }] RETURN a + b"),
        new("SORT", "SORT expression [ASC|DESC], ..",
            "Orders rows, stably. `SORT null` keeps the order, and switches off the one of COLLECT.",
            "FOR x IN [\"b\", 2, null, \"a\", [1], true] SORT x DESC RETURN x"),
        new("LIMIT", "LIMIT [offset,] count",
            "Passes some rows on. Numbers and parameters only; null means no end.",
            "FOR i IN 1..9 LIMIT 2, 3 RETURN i"),
        new("COLLECT", "COLLECT g = e, .. [AGGREGATE a = F(e), ..] [INTO list [= e] | INTO list KEEP v, .. | WITH COUNT INTO n] [OPTIONS {method}]",
            "One row for each distinct tuple of values, in their order. Afterwards only the names it makes remain.",
            "FOR u IN users COLLECT city = u.city AGGREGATE oldest = MAX(u.age), people = LENGTH(1) RETURN { city, oldest, people }"),
        new("WINDOW", "WINDOW {preceding, following} AGGREGATE a = F(e), ..   WINDOW e WITH {preceding, following} AGGREGATE ..",
            "Keeps each row and adds aggregates over the rows around it: so many rows, or, with a value, all rows whose values lie so near. Bounds are numbers, ISO 8601 durations or \"unbounded\".",
            "FOR i IN [1, 2, 5, 6] WINDOW i WITH { preceding: 1 } AGGREGATE near = PUSH(i) RETURN near"),
        new("INSERT", "INSERT document INTO collection [OPTIONS {..}]",
            "Stores a document; NEW is what was stored. Options: `overwriteMode` (\"ignore\", \"replace\", \"update\", \"conflict\"), `ignoreErrors`, `keepNull`, `mergeObjects`, `versionAttribute`.",
            "INSERT { _key: \"a\", n: 1 } INTO empty RETURN NEW.n"),
        new("UPDATE", "UPDATE document IN collection   UPDATE key WITH document IN collection [OPTIONS {..}]",
            "Changes attributes of a document; OLD and NEW are the document before and after. Options: `keepNull`, `mergeObjects`, `ignoreErrors`, `ignoreRevs`, `versionAttribute`.",
            "UPDATE \"u01\" WITH { age: 50 } IN users RETURN [OLD.age, NEW.age, NEW.name]"),
        new("REPLACE", "REPLACE document IN collection   REPLACE key WITH document IN collection [OPTIONS {..}]",
            "Changes all attributes of a document but the system's. Options as those of UPDATE.",
            "REPLACE \"u01\" WITH { age: 50 } IN users RETURN [NEW._key, NEW.age, NEW.name]"),
        new("REMOVE", "REMOVE keyOrDocument IN collection [OPTIONS {..}]",
            "Removes a document; OLD is what was there.",
            "REMOVE \"u01\" IN users RETURN OLD.name"),
        new("UPSERT", "UPSERT {search} INSERT document UPDATE|REPLACE document IN collection   UPSERT FILTER condition INSERT ..",
            "Changes the first document that is found, or stores a new one. In the condition CURRENT is the candidate; in the update OLD is the document. It sees what it wrote before, unless with `readOwnWrites: false`. Further options: those of UPDATE and those of FOR that choose an index.",
            "FOR word IN [\"a\", \"b\", \"a\"] UPSERT { word } INSERT { word, n: 1 } UPDATE { n: OLD.n + 1 } IN empty RETURN [NEW.word, NEW.n]"),
        new("WITH", "WITH collection, .. as the first words of a query",
            "Names collections that the query may read. It changes no result.",
            "WITH users RETURN LENGTH(users)"),
    ];

    public static IReadOnlyList<ReferenceEntry> Operators { get; } =
    [
        new("Arithmetic", "+ - * / %", "Operands become numbers; what is not finite becomes null; division by zero is warning 1562.", "RETURN [1 + \"2\", 7 / 2, -7 % 3, 2 * null]"),
        new("Comparison", "== != < <= > >=", "Values of all types have one order: null, booleans, numbers, strings, arrays, objects. Nothing is converted.", "RETURN [1 == 1.0, 0 == \"0\", null < false, [] == [null], { b: 1 } < { a: 0 }]"),
        new("Membership", "IN   NOT IN", "Whether an array holds a value; false when it is none.", "RETURN [2 IN [1, 2], 2 NOT IN [1, 2], 2 IN 2]"),
        new("Patterns", "LIKE   NOT LIKE   =~   !~", "LIKE matches a whole text with `_` and `%`, =~ finds a regular expression.", "RETURN [\"abc\" LIKE \"a%\", \"abc\" =~ \"b.$\", \"abc\" NOT LIKE \"_\"]"),
        new("Logic", "&& AND   || OR   ! NOT", "The operand that decides is the value.", "RETURN [null && 1, 0 || \"x\", NOT 1]"),
        new("Choice", "c ? a : b   a ? : b", "Only the branch that is taken is computed.", "RETURN [1 > 2 ? \"a\" : \"b\", null ? : \"none\"]"),
        new("Range", "a..b", "Whole numbers from one to the other.", "RETURN 3..1"),
        new("Array comparison", "array ALL|ANY|NONE|AT LEAST (n) operator value", "Compares each item.", "RETURN [[1, 2] ALL > 0, [1, 2] ANY == 2, [1, 2] NONE > 2, [1, 2, 3] AT LEAST (2) > 1]"),
        new("Access", ".name   [expression]", "What is not there is null. Negative positions count from the end.", "LET a = { b: [1, 2, 3] } RETURN [a.b[-1], a[\"b\"][0], a.c.d]"),
        new("Expansion", "[*]   [**]   [* FILTER c LIMIT o, n RETURN e]", "Applies what follows to each item; more stars flatten first. CURRENT is the item.", "LET a = [{ n: [1, 2] }, { n: [3] }] RETURN [a[*].n, a[*].n[**], a[* FILTER 3 IN CURRENT.n RETURN CURRENT.n[0]]]"),
        new("Question mark", "[?]   [? quantifier FILTER c]", "Whether items meet a condition: some, or ANY, ALL, NONE, n, m..n, AT LEAST (n).", "LET a = [1, 2, 3] RETURN [a[? FILTER CURRENT > 2], a[? ALL FILTER CURRENT > 2], a[? 1..2 FILTER CURRENT > 1]]"),
        new("Subquery", "( query )", "The array of what it returns. As an argument of a function it needs no brackets of its own; beside other arguments it ends in RETURN.", "RETURN [(FOR i IN 1..3 RETURN i * i), SUM(FOR i IN 1..3 RETURN i)]"),
        new("Parameters", "@name   @@name", "A value, or a collection, given beside the query. Missing: 1551, unknown: 1552, of the wrong kind: 1553.", "RETURN @x + 1"),
    ];
}
