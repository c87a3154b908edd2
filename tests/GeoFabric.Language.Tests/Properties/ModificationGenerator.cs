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
        var source = expressions.Pick("a", "b");
        var target = expressions.OneIn(3) ? expressions.Pick("a", "b") : source;
        var text = $"FOR d IN {source} FILTER {expressions.IndexableCondition("d", scope, 1)}";
        if (expressions.OneIn(3))
            text += $" FILTER {expressions.Condition(scope, 1)}";
        text += " SORT d._key";
        var hasLimit = expressions.OneIn(4);
        if (hasLimit)
            text += " LIMIT " + expressions.Pick("1", "3", "1, 2");
        text += " " + Modification(expressions, random, scope, target);
        return new GeneratedQuery(text, expressions.BindVars, IsOrdered: true, hasLimit);
    }

    private static string Modification(ExpressionGenerator expressions, Random random, IReadOnlyList<GeneratedVariable> scope, string target)
    {
        var patch = Patch(expressions, scope);
        var options = expressions.OneIn(3)
            ? " OPTIONS {" + expressions.Pick("ignoreErrors: true", "keepNull: false", "mergeObjects: false", "ignoreErrors: true, keepNull: false") + "}"
            : "";
        switch (random.Next(6))
        {
            case 0:
                return $"UPDATE {expressions.Pick("d", "d._key", "{_key: d._key}")} WITH {patch} IN {target}{options} RETURN [OLD.x, NEW.x, UNSET(NEW, '_rev')]";
            case 1:
                return $"REPLACE d._key WITH {patch} IN {target}{options} RETURN [OLD.y, UNSET(NEW, '_rev')]";
            case 2:
                return $"REMOVE {expressions.Pick("d", "d._key")} IN {target}{options} RETURN OLD.x";
            case 3:
                var key = expressions.Pick("CONCAT(d._key, 'x')", "CONCAT('k', LENGTH(d.t))", "d._key");
                var mode = expressions.Pick("", " OPTIONS {ignoreErrors: true}", " OPTIONS {overwriteMode: 'ignore'}", " OPTIONS {overwriteMode: 'replace'}", " OPTIONS {overwriteMode: 'update', keepNull: false}");
                return $"INSERT MERGE({patch}, {{_key: {key}}}) INTO {target}{mode} RETURN UNSET(NEW, '_rev')";
            case 4:
                // Only a search that fits one document at most says which it is.
                return $"UPSERT {{{expressions.Pick("_key: d.r", "_key: d._key, x: d.y", "_key: d.r, n: {p: d.x}", "x: 1, _key: CONCAT('n', d._key)")}}} INSERT MERGE({patch}, {{_key: CONCAT('n', d._key)}}) "
                    + $"{expressions.Pick("UPDATE", "REPLACE")} {{z: d._key, y: OLD.z}} IN {target} RETURN [IS_NULL(OLD), IS_NULL(OLD) ? NEW._key : 1]";
            default:
                return $"LET e = (FOR e IN {expressions.Pick("a", "b")} FILTER e.x == d.x RETURN 1) UPDATE d WITH {{x: LENGTH(e)}} IN {target}{options} RETURN NEW.x";
        }
    }

    private static string Patch(ExpressionGenerator expressions, IReadOnlyList<GeneratedVariable> scope)
    {
        var members = new List<string>();
        foreach (var name in new[] { "x", "y", "s", "n", "t", "o" })
        {
            if (expressions.OneIn(3))
                members.Add($"{name}: {expressions.Value(scope, 1)}");
        }
        if (expressions.OneIn(6))
            members.Add("u: " + expressions.Pick("d.u + 1", "d.x", "2", "null"));
        return "{" + string.Join(", ", members) + "}";
    }
}
