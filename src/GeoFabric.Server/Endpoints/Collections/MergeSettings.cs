using System.Collections.Immutable;
using System.Text;
using GeoFabric.Database.Catalog;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Values;
using GeoFabric.Server.Http;

namespace GeoFabric.Server.Endpoints.Collections;

/// <summary>The properties of a collection that say how it merges what regions write at the same time: <c>crdt</c> and <c>conflicts</c>.</summary>
internal static class MergeSettings
{
    private const string KeepsLosers = "losers";
    private const string KeepsNothing = "off";

    /// <summary>Path pattern to kind; null when the body does not say.</summary>
    public static ImmutableSortedDictionary<string, string>? ReadDeclarations(RequestFields body)
    {
        if (!body.Body.TryGetAttribute("crdt"u8, out var source) || source.IsNull)
            return null;
        if (!source.IsObject)
            throw ErrorCodes.BadParameter.With("'crdt' must be an object of paths and kinds, such as {\"views\":\"counter\"}");
        var declarations = ImmutableSortedDictionary<string, string>.Empty.ToBuilder();
        foreach (var (path, kind) in source.Attributes)
        {
            var name = Encoding.UTF8.GetString(path);
            declarations[name] = kind.IsString ? kind.Text : throw ErrorCodes.BadParameter.With($"crdt: the kind of '{name}' is {kind}; it is a string such as \"counter\"");
        }
        return declarations.ToImmutable();
    }

    /// <summary>Null when the body does not say.</summary>
    public static bool? ReadKeepsConflicts(RequestFields body) => body.Text("conflicts"u8) switch
    {
        null => null,
        KeepsLosers => true,
        KeepsNothing => false,
        var other => throw ErrorCodes.BadParameter.With($"conflicts '{other}'; it is {KeepsLosers} or {KeepsNothing}"),
    };

    public static IEnumerable<(string Name, Value Value)> Describe(CollectionDefinition collection)
    {
        if (!collection.MergeDeclarations.IsEmpty)
            yield return ("crdt", ObjectValue.Of(collection.MergeDeclarations.Select(declared => (declared.Key, Value.FromString(declared.Value)))));
        if (!collection.KeepsConflicts)
            yield return ("conflicts", Value.FromString(KeepsNothing));
    }
}
