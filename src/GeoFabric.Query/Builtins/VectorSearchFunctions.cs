using GeoFabric.Database;
using GeoFabric.Database.Catalog;
using GeoFabric.Database.Indexes;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Evaluation;
using static GeoFabric.Query.Builtins.FunctionPurity;

namespace GeoFabric.Query.Builtins;

/// <summary>
/// Functions that find what is most similar to a vector, as pairs of what was found and its score, the most similar first: greatest cosine or inner product, smallest
/// distance. SIMILAR() reads the indexes of a semantic view, and like other functions on indexes fails on wrong arguments.
/// </summary>
public static class VectorSearchFunctions
{
    private const long LimitWithoutArgument = 100;
    private const int StepsBetweenChecks = 256;

    public static readonly FunctionDefinition[] Table =
    [
        new("SIMILAR", 2, 3, Stable, "Keys and scores of the documents of a semantic view most similar to a vector, 100 or as many as told.", "false AND SIMILAR(\"view\", [1, 2], 5)", "false", Similar),
        new("SIMILAR_TO_ARRAY", 3, 4, Pure, "Positions and scores of the vectors of an array most similar to a vector, by \"cosine\", \"l2\" or \"ip\"; 100 or as many as told.", "SIMILAR_TO_ARRAY([2, 1], [[1, 0], [4, 2]], \"ip\", 1)", "[[1,10]]", SimilarToArray),
    ];

    private static Value Similar(in FunctionCall call)
    {
        if (!call[0].IsString)
            throw call.WrongArgument(0, "the name of a semantic view");
        var limit = call[2].IsNull || call[2].IsNumber ? ReadLimit(call[2]) : throw call.WrongArgument(2, "a number");
        var catalog = call.Context.Reader.Catalog;
        var view = catalog.GetView(call[0].Text);
        if (!view.IsSemantic)
            throw ErrorCodes.BadParameter.With($"view '{view.Name}' in call to function '{call.Name}()' must be of type '{ViewDefinition.SemanticType}'");
        var sources = catalog.CollectionsOf(view)
            .SelectMany(collection => collection.Indexes.Where(index => index.ViewId == view.Id).Select(index => (Collection: collection, Index: index))).ToList();
        if (sources.Find(source => source.Index.IsBuilding) is { Index: { } building, Collection: { } filled })
            throw ErrorCodes.VectorIndexNotReady.With($"'{building.Name}' of collection '{filled.Name}' is still being filled");
        var target = new double[call[1].IsArray ? call[1].Items.Count : 0];
        IndexDefinition? first = null;
        List<(Value Found, double Score)> found = [];
        foreach (var (collection, index) in sources)
        {
            var lists = new VectorLists(index);
            // What other attributes or metrics say cannot be compared with what the first one that fits says.
            if ((first is not null && (index.Fields[0] != first.Fields[0] || index.Vector!.Metric != first.Vector!.Metric)) || !lists.TryReadVector(call[1], target))
                continue;
            first ??= index;
            Collect(call, collection, index, lists, target, found);
        }
        if (first is null)
            throw call.WrongArgument(1, $"a vector of {string.Join(" or ", sources.Select(source => source.Index.Vector!.Dimension).Distinct().Order())} numbers, as those of view '{view.Name}'");
        return ToPairs(call, found, first.Vector!.Metric, limit);
    }

    /// <summary>The documents in those lists of an index that are near the vector.</summary>
    private static void Collect(
        in FunctionCall call, CollectionDefinition collection, IndexDefinition index, VectorLists lists, double[] target, List<(Value Found, double Score)> found)
    {
        var vector = new double[target.Length];
        foreach (var list in lists.Rank(target, lists.Settings.Probes))
        {
            using var cursor = call.Context.Reader.ScanIndex(collection, index, new IndexRange([Value.FromInteger(list)]));
            while (cursor.MoveNext())
            {
                if (lists.TryRead(cursor.Document, vector))
                    Keep(call, found, cursor.Document.GetAttribute("_key"u8), VectorFunctions.Measure(index.Vector!.Metric, target, vector));
            }
        }
    }

    private static Value SimilarToArray(in FunctionCall call)
    {
        var metric = call[2].IsString ? call[2].Text.ToUpperInvariant() switch { "COSINE" => VectorSettings.Cosine, "L2" => VectorSettings.Euclidean, "IP" => VectorSettings.InnerProduct, _ => null } : null;
        if (metric is null || !(call[3].IsNull || call[3].IsNumber) || !call[1].IsArray || !VectorFunctions.TryReadVector(call, call[0], out var target))
            return call.WrongType();
        List<(Value Found, double Score)> found = [];
        foreach (var item in call[1].Items)
        {
            if (!VectorFunctions.TryReadVector(call, item, out var vector) || vector.Length != target.Length)
                return call.WrongType();
            var score = VectorFunctions.Measure(metric, target, vector);
            // A vector of length 0 has no angle to another.
            if (double.IsNaN(score))
                return call.WrongType();
            Keep(call, found, Value.FromInteger(found.Count), score);
        }
        return ToPairs(call, found, metric, ReadLimit(call[3]));
    }

    private static long ReadLimit(Value limit) => limit.IsNull ? LimitWithoutArgument : Math.Max(0, Casts.ToInteger(limit));

    private static void Keep(in FunctionCall call, List<(Value Found, double Score)> found, Value what, double score)
    {
        call.Context.ReserveMemory(40);
        found.Add((what, score));
        if (found.Count % StepsBetweenChecks == 0)
            call.Context.ThrowIfStopped();
    }

    /// <summary>The most similar first, equally similar ones by key or position.</summary>
    private static Value ToPairs(in FunctionCall call, List<(Value Found, double Score)> found, string metric, long limit)
    {
        var sign = metric == VectorSettings.Euclidean ? 1 : -1;
        found.Sort((left, right) => left.Score.CompareTo(right.Score) is var order and not 0 ? sign * order : ValueComparer.Compare(left.Found, right.Found));
        var count = (int)Math.Min(limit, found.Count);
        var pairs = new ValueListWriter(call.Context, count);
        foreach (var (what, score) in found.Take(count))
            pairs.Add(Value.FromList([what, Value.FromDouble(score)], 2));
        return pairs.ToValue();
    }
}
