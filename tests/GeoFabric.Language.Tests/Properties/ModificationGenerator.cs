namespace GeoFabric.Language.Tests.Properties;

/// <summary>Writes random queries that change documents. Rows come in a fixed order, so that the same row meets the same conflict in every plan.</summary>
internal static class ModificationGenerator
{
    public static GeneratedQuery Make(int seed)
    {
        var random = new Random(seed);
        var expressions = new ExpressionGenerator(random);
        var document = new GeneratedVariable("d", VariableKind.Document);
        IReadOnlyList<GeneratedVariable> scope = [document];
        if (expressions.OneIn(8))
            return Make(seed, expressions, WithoutDocuments(expressions), hasLimit: false);
        if (expressions.OneIn(4))
            return InSubquery(seed, expressions, random, scope);
        var source = expressions.Pick("a", "b", "a", "b", "e");
        var target = expressions.OneIn(3) ? expressions.Pick("a", "b", "e") : source;
        // Mostly a few documents, so that many queries later there is still something to change.
        var text = $"FOR d IN {source} FILTER {(expressions.OneIn(3) ? $"d._key == \"k{random.Next(10)}\"" : expressions.IndexableCondition("d", scope, 1))}";
        if (expressions.OneIn(3))
            text += $" FILTER {expressions.Condition(scope, 1)}";
        text += " SORT d._key";
        var hasLimit = expressions.OneIn(4);
        if (hasLimit)
            text += " LIMIT " + expressions.Pick("1", "3", "1, 2");
        text += " " + Modification(expressions, random, scope, target);
        return Make(seed, expressions, text, hasLimit);
    }

    private static GeneratedQuery Make(int seed, ExpressionGenerator expressions, string text, bool hasLimit) =>
        new(seed, text, expressions.BindVars(text), IsOrdered: true, hasLimit);

    /// <summary>Changes in a subquery, which happen for each row that comes to it, in the order of the rows.</summary>
    private static GeneratedQuery InSubquery(int seed, ExpressionGenerator expressions, Random random, IReadOnlyList<GeneratedVariable> scope)
    {
        var (source, target) = expressions.OneIn(2) ? ("a", "b") : ("b", "a");
        var text = $"FOR d IN {source} FILTER {(expressions.OneIn(3) ? $"d._key == \"k{random.Next(10)}\"" : expressions.IndexableCondition("d", scope, 1))} SORT d._key ";
        var change = expressions.Pick("each", "each", "other") switch
        {
            // Further rows find what the ones before have left.
            "other" => $"FOR c IN {target} FILTER c.{expressions.Pick("x", "y", "r")} {expressions.Pick("==", ">")} d.{expressions.Pick("x", "_key", "y")} SORT c._key LIMIT 2 "
                + expressions.Pick($"UPDATE c WITH {{x: d.x, y: [c.x]}} IN {target} RETURN [OLD.x, NEW.x]", $"REPLACE c WITH {{x: c.y, s: d.s}} IN {target}", $"REMOVE c IN {target} RETURN OLD._key"),
            _ => Modification(expressions, random, scope, target),
        };
        var limit = expressions.Pick("", "", "", "LIMIT 1 ", "LIMIT 1, 2 ");
        var others = $"[{expressions.Pick("d._key", "d.x", "LENGTH(w)")}, w]";
        text += expressions.Pick(
            $"LET w = ({change}) {limit}RETURN {others}",
            $"LET w = ({change}) {limit}RETURN d._key",
            $"LET w = {expressions.Condition(scope, 2)} ? ({change}) : [d.x] {limit}RETURN {others}",
            $"LET w = {expressions.Condition(scope, 2)} && ({change}) {limit}RETURN {others}",
            $"LET w = ({change}) FILTER {expressions.Pick("LENGTH(w) > 0", expressions.Condition(scope, 2))} {limit}RETURN {others}",
            $"FILTER LENGTH({change}) {expressions.Pick("> 0", ">= 0")} {limit}RETURN d._key",
            $"LET w = 1 {limit}RETURN [w, ({change})]",
            $"FOR i IN 1..2 LET w = ({change}) {limit}RETURN {others}",
            $"LET w = ({change}) COLLECT g = d.x INTO h = LENGTH(w) RETURN [g, SUM(h)]",
            $"LET w = ({change}) UPDATE d WITH {{x: LENGTH(w)}} IN {source} OPTIONS {{ignoreErrors: true}} {limit}RETURN [NEW.x, w]",
            $"LET w = (FOR i IN 1..2 RETURN ({change})) {limit}RETURN {others}",
            $"LET w = ({change}) SORT d.y, d._key DESC {limit}RETURN {others}");
        return Make(seed, expressions, text, hasLimit: text.Contains("LIMIT", StringComparison.Ordinal));
    }

    /// <summary>Rows that are no documents: what one row writes, the next one meets.</summary>
    private static string WithoutDocuments(ExpressionGenerator expressions)
    {
        var target = expressions.Pick("a", "b");
        var source = expressions.Pick("FOR i IN 1..3", "FOR i IN [1, 2, 1, 3, 2]", "FOR i IN [2, 2]", "LET i = 4");
        return source + " " + expressions.Pick(
            $"UPSERT {{_key: CONCAT('z', i)}} INSERT {{_key: CONCAT('z', i), x: 1}} UPDATE {{x: OLD.x + 1}} IN {target} RETURN [OLD.x, NEW.x]",
            $"UPSERT {{_key: CONCAT('k', i)}} INSERT {{_key: CONCAT('k', i), x: i}} REPLACE {{y: OLD.x, x: [i]}} IN {target} RETURN UNSET(NEW, '_rev')",
            $"INSERT {{_key: CONCAT('k', i), x: i, n: {{p: i, q: null}}}} INTO {target} OPTIONS {{overwriteMode: '{expressions.Pick("update", "replace", "ignore")}'}} RETURN [UNSET(OLD, '_rev'), UNSET(NEW, '_rev')]",
            $"INSERT {{_key: CONCAT('y', i), s: {expressions.Literal()}}} INTO {target} OPTIONS {{ignoreErrors: {expressions.Pick("true", "false")}}} RETURN NEW.s",
            $"UPDATE CONCAT('k', i) WITH {{x: i, m: {expressions.Literal()}}} IN {target} OPTIONS {{ignoreErrors: true}} RETURN [OLD.x, NEW.m]",
            $"REMOVE CONCAT('k', i) IN {target} OPTIONS {{ignoreErrors: {expressions.Pick("true", "true", "false")}}} RETURN OLD.s",
            $"REMOVE {{_key: CONCAT('y', i)}} IN {target} OPTIONS {{ignoreErrors: true}}",
            $"LET j = CONCAT('k', i) UPDATE j WITH {{x: i}} IN a OPTIONS {{ignoreErrors: true}} LET o = OLD.x UPSERT {{_key: j}} INSERT {{_key: j, x: o}} UPDATE {{y: o}} IN b RETURN [o, NEW.y]");
    }

    private static string Modification(ExpressionGenerator expressions, Random random, IReadOnlyList<GeneratedVariable> scope, string target)
    {
        var patch = Patch(expressions, scope);
        var options = expressions.OneIn(2)
            ? " OPTIONS {" + expressions.Pick("ignoreErrors: true", "keepNull: false", "mergeObjects: false", "ignoreErrors: true, keepNull: false", "keepNull: false, mergeObjects: false") + "}"
            : "";
        var ends = target == "e" ? ", _from: 'a/k1', _to: CONCAT('b/', d._key)" : "";
        var result = expressions.Pick("", " RETURN UNSET(NEW, '_rev')", " RETURN [OLD.x, NEW.x, UNSET(NEW, '_rev')]", " LET o = OLD LET n = NEW RETURN [o.n, n.n, UNSET(n, '_rev', 'm')]",
            " FILTER NEW.x != OLD.x SORT NEW.y, NEW._key LIMIT 2 RETURN NEW._key", " COLLECT x = NEW.x WITH COUNT INTO c RETURN [x, c]", " FOR i IN [OLD.x, NEW.x] RETURN DISTINCT i", " LIMIT 1 RETURN NEW.x",
            " COLLECT AGGREGATE s = MAX(NEW.x), l = LENGTH(1) RETURN [s, l]", " LET s = (FOR i IN [OLD.y, NEW.y] SORT i RETURN i) RETURN s", " RETURN KEEP(OLD, 'x', 'n', 's')");
        switch (random.Next(8))
        {
            case 0 or 1:
                return $"UPDATE {expressions.Pick("d", "d._key", "{_key: d._key}", $"{{_key: {expressions.Scalar(scope, 2)}}}", expressions.Scalar(scope, 2))} WITH {patch} IN {target}{options}{result}";
            case 2:
                return $"REPLACE {expressions.Pick("d", "d._key")} WITH {patch} IN {target}{options}{result}";
            case 3:
                return $"REMOVE {expressions.Pick("d", "d._key", "{_key: d.r}")} IN {target}{options}{expressions.Pick("", " RETURN OLD.x", " RETURN UNSET(OLD, '_rev')")}";
            case 4:
                var key = expressions.Pick("CONCAT(d._key, 'x')", "CONCAT('k', LENGTH(d.t))", "d._key", "d.s", "d.r");
                var mode = expressions.Pick("", " OPTIONS {ignoreErrors: true}", " OPTIONS {overwriteMode: 'ignore'}", " OPTIONS {overwriteMode: 'replace'}", " OPTIONS {overwriteMode: 'update', keepNull: false}", " OPTIONS {overwriteMode: 'update'}", " OPTIONS {overwrite: true, ignoreErrors: true}");
                return $"INSERT MERGE({patch}, {{_key: {key}{ends}}}) INTO {target}{mode}{expressions.Pick("", " RETURN UNSET(NEW, '_rev')")}";
            case 5:
                // Only a search that fits one document at most says which it is.
                return $"UPSERT {{{expressions.Pick("_key: d.r", "_key: d._key, x: d.y", "_key: d.r, n: {p: d.x}", "x: 1, _key: CONCAT('n', d._key)")}}} INSERT MERGE({patch}, {{_key: CONCAT('n', d._key){ends}}}) "
                    + $"{expressions.Pick("UPDATE", "REPLACE")} {expressions.Pick("{z: d._key, y: OLD.z}", "{x: OLD.x + 1}", patch)} IN {target}{options}{expressions.Pick("", " RETURN [IS_NULL(OLD), IS_NULL(OLD) ? NEW._key : 1]", " RETURN [UNSET(OLD, '_rev'), UNSET(NEW, '_rev')]")}";
            case 6:
                return $"UPSERT FILTER CURRENT._key == {expressions.Pick("d.r", "d._key")} && {expressions.Pick("CURRENT.x", "CURRENT.y")} != d.y INSERT {{_key: CONCAT('m', d._key), x: d.x{ends}}} UPDATE {patch} IN {target}{options} RETURN UNSET(NEW, '_rev')";
            default:
                return $"LET e = (FOR e IN {expressions.Pick("a", "b")} FILTER e.x == d.x RETURN 1) UPDATE d WITH {{x: LENGTH(e)}} IN {target}{options} RETURN NEW.x";
        }
    }

    private static string Patch(ExpressionGenerator expressions, IReadOnlyList<GeneratedVariable> scope)
    {
        var members = new List<string>();
        foreach (var name in new[] { "x", "y", "s", "n", "t", "o", "m" })
        {
            if (expressions.OneIn(4))
                members.Add($"{name}: {expressions.Value(scope, 1)}");
            else if (name is "n" or "m" && expressions.OneIn(3))
                members.Add($"{name}: {expressions.Pick("{p: null}", "{p: d.x, r: {s: null}}", "{q: null, r: 1}", "{p: {v: null, w: 2}}", "{r: [null, {p: null}]}")}");
            else if (name is "x" or "t" && expressions.OneIn(5))
                members.Add(name == "x" ? $"x: d.x + {expressions.Pick("1", "-2", "0.5")}" : $"t: {expressions.Pick("PUSH(d.t, 1)", "APPEND(d.t, [1, null])", "REMOVE_VALUE(d.t, 1)", "POP(d.t)")}");
        }
        if (expressions.OneIn(6))
            members.Add("u: " + expressions.Pick("d.u + 1", "d.x", "2", "null"));
        return "{" + string.Join(", ", members) + "}";
    }
}
