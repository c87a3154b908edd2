using System.Collections.Immutable;

namespace GeoFabric.Database.Catalog;

/// <summary>What a client asks for when it creates or changes a view.</summary>
/// <param name="Links">What is searched, by name of the collection.</param>
public sealed record ViewSettings(IReadOnlyDictionary<string, SearchField> Links)
{
    public StoredValues Stored { get; init; } = StoredValues.None;

    /// <summary>Of a search view: by which scores the best documents will be asked for. Null leaves what the view has.</summary>
    public ImmutableArray<string>? ScoreOrders { get; init; }

    /// <summary>Of a semantic view, which has no <see cref="Links"/>: its attributes with vectors, by name of the collection. Null for a search view.</summary>
    public IReadOnlyDictionary<string, ImmutableArray<SemanticField>>? SemanticLinks { get; init; }
}

/// <summary>A view: what is found of which collections. Each region keeps indexes of the collections for it, named by the view's id.</summary>
/// <param name="Id">The same in all regions; kept by renames.</param>
/// <param name="Links">By wire id of the collection.</param>
/// <param name="Stored">What its indexes keep of documents.</param>
public sealed record ViewDefinition(ulong Id, string Name, ImmutableSortedDictionary<ulong, SearchField> Links, StoredValues Stored)
{
    public const int LinksMax = 64;

    public const string SearchType = "search";
    public const string SemanticType = "semantic_search";

    /// <summary>Name of the view that makes a collection searchable by itself, before the collection's.</summary>
    public const string CollectionViewPrefix = "c8search_view_";

    /// <summary>By which scores the best documents will be asked for, as the client said. Told back; its indexes know nothing of it.</summary>
    public ImmutableArray<string> ScoreOrders { get; init; } = [];

    /// <summary>Whether documents are found by how near their vectors are, and not by terms.</summary>
    public bool IsSemantic { get; init; }

    /// <summary>Of a semantic view, by wire id of the collection.</summary>
    public ImmutableSortedDictionary<ulong, ImmutableArray<SemanticField>> SemanticLinks { get; init; } = ImmutableSortedDictionary<ulong, ImmutableArray<SemanticField>>.Empty;

    public string TypeName => IsSemantic ? SemanticType : SearchType;

    public bool IsOver(CollectionDefinition collection) => Links.ContainsKey(collection.WireId) || SemanticLinks.ContainsKey(collection.WireId);

    /// <summary>Whether it is over this collection and no other, under the name that makes it the collection's own.</summary>
    public bool IsOwnOf(CollectionDefinition collection) =>
        Name == CollectionViewPrefix + collection.Name && Links.Count == 1 && Links.ContainsKey(collection.WireId);

    /// <summary>The indexes of one collection that belong to it, before they have ids.</summary>
    /// <param name="collection">Its wire id.</param>
    public IEnumerable<IndexDefinition> IndexesFor(ulong collection)
    {
        if (Links.TryGetValue(collection, out var link))
            yield return new IndexDefinition(0, $"view_{Id:x16}", IndexKind.Inverted, SearchType, []) { Search = link, ViewId = Id, Stored = Stored };
        if (!SemanticLinks.TryGetValue(collection, out var fields))
            yield break;
        foreach (var field in fields)
        {
            yield return new IndexDefinition(0, $"view_{Id:x16}_{field.Path}", IndexKind.Vector, SemanticType, [IndexFieldParser.Parse(field.Path)], IsSparse: true)
            {
                Vector = field.Vector,
                Centroids = field.Centroids,
                ViewId = Id,
            };
        }
    }
}
