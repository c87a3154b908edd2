using System.Collections.Immutable;

namespace GeoFabric.Database.Catalog;

/// <summary>A search view: what is found of which collections. Each region keeps an index per collection for it, named by the view's id.</summary>
/// <param name="Id">The same in all regions; kept by renames.</param>
/// <param name="Links">By wire id of the collection.</param>
/// <param name="PrimarySort">Told back to the client; results without SORT come in any order.</param>
public sealed record ViewDefinition(
    ulong Id, string Name, ImmutableSortedDictionary<ulong, SearchField> Links, ImmutableArray<(string Field, bool IsAscending)> PrimarySort)
{
    public const int LinksMax = 64;

    /// <summary>The index that belongs to a link, before it has an id.</summary>
    public IndexDefinition IndexFor(SearchField link) =>
        new(0, $"view_{Id:x16}", IndexKind.Inverted, "search", []) { Search = link, ViewId = Id };
}
