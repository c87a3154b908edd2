namespace GeoFabric.Language.Tests.Properties;

/// <summary>
/// Writes traversals and searches of paths. Which of several paths comes where the language promises any is never asked; what all of them have in common
/// is.
/// </summary>
internal sealed class WalkGenerator(ExpressionGenerator expressions)
{
    private const string Weighted = "weightAttribute: \"w\"";

    /// <summary>Whether a LIMIT was written.</summary>
    public bool HasLimit { get; private set; }

    /// <summary>A loop over a graph. Rows that agree in what it adds to the keys are the same row, whatever path led there.</summary>
    public string Write(GeneratedLevel level, int depth)
    {
        level.IsOrdered = false;
        return expressions.Pick("walk", "walk", "walk", "walk", "once", "paths", "paths", "vertices") switch
        {
            "once" => Once(level, depth),
            "paths" => Paths(level),
            "vertices" => Vertices(level, depth),
            _ => Walk(level, depth),
        };
    }

    /// <summary>A subquery whose rows the language puts in order without a SORT.</summary>
    public string Ordered(IReadOnlyList<GeneratedVariable> scope)
    {
        var (path, vertex, edge) = (expressions.NewName(), expressions.NewName(), expressions.NewName());
        var limit = expressions.Pick("", "", "LIMIT 1 ", "LIMIT 2 ", "LIMIT 1, 2 ");
        HasLimit |= limit.Length > 0;
        var (direction, start, target) = (Direction(), End(scope), End(scope));
        return expressions.Pick(
            $"FOR {path} IN {direction} K_SHORTEST_PATHS {start} TO {target} {Graph()}{SearchOptions()} {limit}RETURN {path}.weight",
            $"FOR {path} IN {direction} {expressions.Pick("ALL_SHORTEST_PATHS", "K_SHORTEST_PATHS")} {start} TO {target} {Graph()} {limit}RETURN LENGTH({path}.edges)",
            $"FOR {path} IN {Depths()}{direction} K_PATHS {start} TO {target} {Graph()} {limit}RETURN LENGTH({path}.vertices) > 1",
            $"FOR {vertex} IN {direction} SHORTEST_PATH {start} TO {target} {Graph()} {limit}RETURN 1",
            $"FOR {vertex}, {edge}, {path} IN {Depths()}{direction} {start} {Graph()} OPTIONS {{order: \"weighted\", {Weighted}{Uniqueness()}}} {limit}RETURN {path}.weights[-1]",
            $"FOR {vertex}, {edge}, {path} IN {Depths()}{direction} {start} {Graph()} OPTIONS {{order: \"bfs\"{Uniqueness()}}} {limit}RETURN LENGTH({path}.edges)");
    }

    private string Walk(GeneratedLevel level, int depth)
    {
        var start = End(level.Scope);
        var (vertex, edge, path) = (level.Declare(expressions, VariableKind.Document), "", "");
        level.Keys.Add(vertex + "._id");
        if (!expressions.OneIn(4))
        {
            edge = level.Declare(expressions, VariableKind.Document);
            level.Keys.Add(edge + "._id");
        }
        if (edge.Length > 0 && !expressions.OneIn(4))
        {
            path = expressions.NewName();
            level.Keys.Add(path + ".edges[*]._id");
        }
        var text = $"FOR {string.Join(", ", new[] { vertex, edge, path }.Where(name => name.Length > 0))} IN {Depths()}{Direction()} {start} {Graph()}";
        if (expressions.OneIn(3))
        {
            var condition = path.Length > 0 && expressions.OneIn(2) ? expressions.PathCondition(path) : expressions.Condition(level.Scope, 2);
            text += $" PRUNE {(expressions.OneIn(3) ? level.Declare(expressions, VariableKind.Plain) + " = " : "")}{condition}";
        }
        text += Options();
        for (var i = 0; path.Length > 0 && i < 2; i++)
        {
            if (expressions.OneIn(2))
                text += $" FILTER {expressions.PathCondition(path)}";
        }
        if (expressions.OneIn(2))
            text += $" FILTER {expressions.IndexableCondition(edge.Length > 0 && expressions.OneIn(2) ? edge : vertex, level.Scope, depth)}";
        if (path.Length == 0 || expressions.OneIn(2))
            return text;
        return text + $" LET {level.Declare(expressions, VariableKind.Plain)} = {path}.{PartOfPath()}";
    }

    /// <summary>Each vertex once: how far away it is, is fixed, but not which path leads there.</summary>
    private string Once(GeneratedLevel level, int depth)
    {
        var start = End(level.Scope);
        var (vertex, edge, path) = (level.Declare(expressions, VariableKind.Document), expressions.NewName(), expressions.NewName());
        level.Keys.Add(vertex + "._id");
        var isWeighted = expressions.OneIn(2);
        // Of paths of one weight any comes first, so that no path may be too long.
        var depths = isWeighted ? "0..50 " : expressions.Pick("0..9 ", "1..2 ", "2 ", "2..3 ", "1..9 ");
        var prune = expressions.OneIn(3) ? $" PRUNE {expressions.IndexableCondition(vertex, [], 2)}" : "";
        var order = isWeighted ? $"order: \"weighted\"{expressions.Pick($", {Weighted}", $", {Weighted}, defaultWeight: 2", "")}" : expressions.Pick("order: \"bfs\"", "bfs: true");
        var filter = expressions.OneIn(3) ? $" FILTER {expressions.IndexableCondition(vertex, level.Scope, depth)}" : "";
        var far = isWeighted ? $"{path}.weights[-1]" : $"LENGTH({path}.edges)";
        return $"FOR {vertex}, {edge}, {path} IN {depths}{Direction()} {start} {Graph()}{prune} OPTIONS {{{order}, uniqueVertices: \"global\"{Allowed()}}}{filter} LET {level.Declare(expressions, VariableKind.Plain)} = {far}";
    }

    private string Paths(GeneratedLevel level)
    {
        var (start, target, path) = (End(level.Scope), End(level.Scope), expressions.NewName());
        var kind = expressions.Pick("K_PATHS", "K_SHORTEST_PATHS", "ALL_SHORTEST_PATHS", "K_PATHS");
        level.Keys.Add(path + ".edges[*]._id");
        level.Keys.Add(path + ".vertices[*]._id");
        var text = $"FOR {path} IN {(kind == "K_PATHS" ? Depths() : "")}{Direction()} {kind} {start} TO {target} {Graph()}{SearchOptions()}";
        if (expressions.OneIn(3))
            text += $" FILTER {expressions.PathCondition(path)}";
        return text + $" LET {level.Declare(expressions, VariableKind.Plain)} = {path}.{(expressions.OneIn(3) ? "weight" : PartOfPath())}";
    }

    private string Vertices(GeneratedLevel level, int depth)
    {
        var (start, target) = (End(level.Scope), End(level.Scope));
        var vertex = level.Declare(expressions, VariableKind.Document);
        level.Keys.Add(vertex + "._id");
        var edge = expressions.OneIn(3) ? "" : ", " + level.Declare(expressions, VariableKind.Document);
        if (edge.Length > 0)
            level.Keys.Add(edge[2..] + "._id");
        var text = $"FOR {vertex}{edge} IN {Direction()} SHORTEST_PATH {start} TO {target} {Graph()}{SearchOptions()}";
        return expressions.OneIn(3) ? text + $" FILTER {expressions.IndexableCondition(vertex, level.Scope, depth)}" : text;
    }

    private string Direction() => expressions.Pick("OUTBOUND", "INBOUND", "ANY", "ANY");

    private string Depths() => expressions.Pick("", "1..2 ", "0..2 ", "2 ", "0 ", "1..3 ", "0..1 ", "2..3 ", "1..(1 + 1) ");

    private string Graph() => expressions.Pick("e", "e", "e", "INBOUND e", "ANY e", "e, f", "e, INBOUND f", "f, ANY e", "GRAPH \"g\"", "GRAPH \"g\"");

    private string End(IReadOnlyList<GeneratedVariable> scope) => expressions.Documents(scope) is { } document && expressions.OneIn(2)
        ? document + expressions.Pick("", "._id", "._from", "._to", "._id")
        : expressions.Pick("\"a/k1\"", "\"b/k2\"", "\"a/k0\"", "\"b/k0\"", "\"a/k3\"", "\"b/k1\"", expressions.OneIn(3) ? $"({expressions.Value(scope, 2)})" : "\"a/k2\"");

    private string Options() => expressions.OneIn(2) ? "" : " OPTIONS {" + expressions.Pick(
        "order: \"bfs\"", "bfs: true", "order: \"dfs\"", "order: \"weighted\"", $"order: \"weighted\", {Weighted}", $"order: \"weighted\", {Weighted}, defaultWeight: 2.5") + Uniqueness() + Allowed() + "}";

    private string Uniqueness() => expressions.Pick(
        "", "", ", uniqueVertices: \"path\"", ", uniqueEdges: \"none\"", ", uniqueVertices: \"none\"", ", uniqueVertices: \"path\", uniqueEdges: \"none\"", ", uniqueEdges: \"path\"");

    private string Allowed() => expressions.OneIn(5)
        ? expressions.Pick(", vertexCollections: \"a\"", ", vertexCollections: [\"b\"]", ", vertexCollections: [\"a\", \"b\"]", ", edgeCollections: \"e\"", ", edgeCollections: [\"f\"]", ", vertexCollections: []")
        : "";

    private string SearchOptions() => expressions.Pick("", "", $" OPTIONS {{{Weighted}}}", $" OPTIONS {{{Weighted}, defaultWeight: 3}}", " OPTIONS {defaultWeight: 2}");

    private string PartOfPath() => expressions.Pick(
        "edges[*]._key", "vertices[*]._id", "vertices[*].x", "edges[-1].s", "vertices[1].n.p", "edges[* FILTER CURRENT.x > 1].y", "vertices[0].x", "vertices[-1]._key", "edges[*].w", "weights", "weights[1]");
}
