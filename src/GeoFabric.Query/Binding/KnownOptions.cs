using System.Collections.Frozen;
using GeoFabric.Primitives.Values;

namespace GeoFabric.Query.Binding;

/// <summary>
/// What each operation takes in OPTIONS, and of which kind. Anything else is warned about (1539) and left out. Among them are names that other products
/// know and that have no effect here: results do not depend on them.
/// </summary>
internal sealed class KnownOptions
{
    private static readonly (string Name, Func<Value, bool> IsKind)[] Hints = [("indexHint", IsNames), ("forceIndexHint", IsBoolean), ("disableIndex", IsBoolean)];

    private static readonly (string Name, Func<Value, bool> IsKind)[] Modification =
    [
        ("ignoreErrors", IsAny), ("waitForSync", IsAny), ("keepNull", IsAny), ("mergeObjects", IsAny), ("ignoreRevs", IsAny), ("overwrite", IsAny),
        ("overwriteMode", value => value.IsString && value.Text is "conflict" or "ignore" or "replace" or "update"), ("versionAttribute", IsAny),
        ("exclusive", IsAny), ("refillIndexCaches", IsAny), ("readOwnWrites", IsAny), ("skipDocumentValidation", IsAny),
    ];

    private static readonly (string Name, Func<Value, bool> IsKind)[] Weights = [("weightAttribute", IsText), ("defaultWeight", IsNumber), ("useCache", IsAny)];

    private readonly FrozenDictionary<string, Func<Value, bool>> _kinds;

    private KnownOptions(IEnumerable<(string Name, Func<Value, bool> IsKind)> options) =>
        _kinds = options.ToFrozenDictionary(option => option.Name, option => option.IsKind, StringComparer.Ordinal);

    public static KnownOptions For { get; } = new([.. Hints, ("maxProjections", IsNumber), ("useCache", IsBoolean), ("lookahead", IsNumber), ("waitForSync", IsBoolean)]);

    public static KnownOptions Search { get; } = new(
    [
        .. Hints, ("collections", IsAny), ("conditionOptimization", IsAny), ("countApproximate", IsAny), ("parallelism", IsAny), ("waitForSync", IsAny), ("noMaterialization", IsAny),
    ]);

    public static KnownOptions Collect { get; } = new([("method", value => value.IsString && value.Text is "hash" or "sorted")]);

    public static KnownOptions Modify { get; } = new(Modification);

    public static KnownOptions Upsert { get; } = new([.. Modification, .. Hints, ("useCache", IsAny)]);

    public static KnownOptions Traversal { get; } = new(
    [
        .. Weights, ("order", IsAny), ("bfs", IsAny), ("uniqueVertices", IsText), ("uniqueEdges", IsText), ("vertexCollections", IsAny), ("edgeCollections", IsAny),
        ("parallelism", IsAny), ("maxProjections", IsAny), ("indexHint", value => value.IsObject),
    ]);

    public static KnownOptions PathSearch { get; } = new(Weights);

    public bool Takes(string name, Value value) => _kinds.TryGetValue(name, out var isKind) && isKind(value);

    private static bool IsAny(Value value) => true;

    private static bool IsBoolean(Value value) => value.IsBoolean;

    private static bool IsNumber(Value value) => value.IsNumber;

    private static bool IsText(Value value) => value.IsString;

    private static bool IsNames(Value value) => value.IsString || (value.IsArray && value.Items.Count > 0);
}
