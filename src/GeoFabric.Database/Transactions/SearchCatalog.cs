using System.Collections.Immutable;
using System.Text;
using GeoFabric.Database.Analysis;
using GeoFabric.Database.Catalog;
using GeoFabric.Database.Layout;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Hashing;
using GeoFabric.Primitives.Names;

namespace GeoFabric.Database.Transactions;

/// <summary>
/// Changes of analyzers and views. Both are named definitions that all regions share; the indexes a view needs are each region's own business: they are
/// made to agree with the view wherever it changes.
/// </summary>
internal static class SearchCatalog
{
    /// <summary>Adds an analyzer, unless the same one is there.</summary>
    public static (AnalyzerDefinition Analyzer, bool IsNew) SaveAnalyzer(FabricTransaction transaction, AnalyzerDefinition analyzer)
    {
        if (analyzer.Name.Length > AnalyzerDefinition.NameLengthMax || !CollectionName.IsValid(analyzer.Name, isSystem: false))
            throw ErrorCodes.IllegalName.With($"analyzer '{analyzer.Name}': a letter, then up to {AnalyzerDefinition.NameLengthMax - 1} letters, digits, '_' or '-'");
        if (transaction.Catalog.TryGetAnalyzer(analyzer.Name, out var existing))
            return existing.Equals(analyzer) ? (existing, false) : throw ErrorCodes.DuplicateName.With($"analyzer '{analyzer.Name}' exists with other properties");
        // Made once, so that what is wrong with it is told now.
        _ = analyzer.Instance;
        CatalogOperations.PutNamed(transaction, NamedDefinition.OfAnalyzer(analyzer.Name), SearchCodec.Write(analyzer, transaction.Stamp));
        transaction.ReloadNamedDefinitions();
        return (analyzer, true);
    }

    public static void DropAnalyzer(FabricTransaction transaction, string name, bool isForced)
    {
        if (BuiltInAnalyzers.ByName.ContainsKey(name))
            throw ErrorCodes.AccessDenied.With($"analyzer '{name}' belongs to the server and cannot be dropped");
        if (!transaction.Catalog.TryGetAnalyzer(name, out _))
            throw ErrorCodes.DocumentNotFound.With($"analyzer '{name}'");
        var user = transaction.Catalog.Collections.Values.SelectMany(collection => collection.Indexes)
            .FirstOrDefault(index => index.Search?.AllAnalyzers().Any(analyzer => analyzer.Name == name) == true);
        if (user is not null && !isForced)
            throw ErrorCodes.Conflict.With($"analyzer '{name}' is used by index '{user.Name}'; drop that, or use force, which leaves the index as it is");
        CatalogOperations.DropNamed(transaction, NamedDefinition.OfAnalyzer(name));
        transaction.ReloadNamedDefinitions();
    }

    public static ViewDefinition CreateView(FabricTransaction transaction, string name, ViewSettings settings)
    {
        CheckName(name);
        CheckNameIsFree(transaction, name);
        var id = XxHash64.Hash(Encoding.UTF8.GetBytes(name), transaction.Stamp.Timestamp.Bits ^ transaction.Stamp.Origin);
        return PutView(transaction, Resolve(transaction, new ViewDefinition(Math.Max(id, 1), name, ImmutableSortedDictionary<ulong, SearchField>.Empty, settings.Stored), settings));
    }

    /// <summary>Gives a view other settings; indexes that stay as they are are kept.</summary>
    public static ViewDefinition UpdateView(FabricTransaction transaction, string name, ViewSettings settings) =>
        PutView(transaction, Resolve(transaction, transaction.Catalog.GetView(name), settings));

    /// <summary>Makes of a view what a function says of it; either may be none.</summary>
    public static ViewDefinition? ChangeView(FabricTransaction transaction, string name, Func<CatalogSnapshot, ViewDefinition?, ViewSettings?> change)
    {
        var exists = transaction.Catalog.TryGetView(name, out var view);
        if (change(transaction.Catalog, view) is { } settings)
            return exists ? UpdateView(transaction, name, settings) : CreateView(transaction, name, settings);
        if (exists)
            DropView(transaction, name);
        return null;
    }

    public static ViewDefinition RenameView(FabricTransaction transaction, string name, string newName)
    {
        var view = transaction.Catalog.GetView(name);
        if (name == newName)
            return view;
        CheckName(newName);
        CheckNameIsFree(transaction, newName);
        // The new name first: other regions then never see the view's id without a view.
        var renamed = PutView(transaction, view with { Name = newName });
        CatalogOperations.DropNamed(transaction, NamedDefinition.OfView(name));
        transaction.ReloadNamedDefinitions();
        return renamed;
    }

    public static ViewDefinition DropView(FabricTransaction transaction, string name)
    {
        var view = transaction.Catalog.GetView(name);
        CatalogOperations.DropNamed(transaction, NamedDefinition.OfView(name));
        transaction.ReloadNamedDefinitions();
        AlignIndexes(transaction, view.Id);
        return view;
    }

    /// <summary>The view that makes a collection searchable by itself: it goes where the collection goes.</summary>
    public static ViewDefinition? FindOwnView(FabricTransaction transaction, CollectionDefinition collection) =>
        transaction.Catalog.TryGetView(ViewDefinition.CollectionViewPrefix + collection.Name, out var view) && view.IsOwnOf(collection) ? view : null;

    /// <summary>Takes over what another region did to a named definition that is stored now.</summary>
    /// <param name="before">The views before.</param>
    public static void Follow(FabricTransaction transaction, string name, ImmutableSortedDictionary<string, ViewDefinition> before)
    {
        transaction.ReloadNamedDefinitions();
        if (!NamedDefinition.TryReadView(name, out var view))
            return;
        if (before.TryGetValue(view, out var previous))
            AlignIndexes(transaction, previous.Id);
        if (transaction.Catalog.TryGetView(view, out var present))
            AlignIndexes(transaction, present.Id);
    }

    /// <summary>Takes over the named definitions of a snapshot.</summary>
    public static void TakeOver(FabricTransaction transaction)
    {
        var before = transaction.Catalog.Views.Values;
        transaction.ReloadNamedDefinitions();
        foreach (var id in before.Concat(transaction.Catalog.Views.Values).Select(view => view.Id).Distinct().Order())
            AlignIndexes(transaction, id);
    }

    /// <summary>Adds the indexes a view needs and drops those it does not need any more.</summary>
    private static void AlignIndexes(FabricTransaction transaction, ulong viewId)
    {
        var view = transaction.Catalog.Views.Values.FirstOrDefault(candidate => candidate.Id == viewId);
        foreach (var wireId in transaction.CatalogRuntime.Collections.Select(runtime => runtime.Definition.WireId).ToList())
        {
            transaction.CatalogRuntime.TryGetShared(wireId, out var runtime);
            var collection = runtime!.Definition;
            var wanted = view?.IndexesFor(wireId).ToList() ?? [];
            foreach (var index in collection.Indexes.Where(index => index.ViewId == viewId))
            {
                if (wanted.RemoveAll(candidate => index.HasSameShape(candidate) && index.Centroids.SequenceEqual(candidate.Centroids)) > 0)
                    continue;
                CatalogOperations.RemoveIndex(transaction, runtime!.Definition, index);
                transaction.CatalogRuntime.TryGetShared(wireId, out runtime);
                transaction.HasMaintenanceWork = true;
            }
            foreach (var index in wanted)
            {
                CatalogOperations.AddIndex(transaction, runtime!.Definition, index);
                transaction.CatalogRuntime.TryGetShared(wireId, out runtime);
                transaction.HasMaintenanceWork = true;
            }
        }
    }

    private static ViewDefinition PutView(FabricTransaction transaction, ViewDefinition view)
    {
        CatalogOperations.PutNamed(transaction, NamedDefinition.OfView(view.Name), SearchCodec.Write(view, transaction.Stamp));
        transaction.ReloadNamedDefinitions();
        AlignIndexes(transaction, view.Id);
        return view;
    }

    /// <summary>The view with other settings; it stays of its type.</summary>
    private static ViewDefinition Resolve(FabricTransaction transaction, ViewDefinition view, ViewSettings settings)
    {
        var count = settings.Links.Count + (settings.SemanticLinks?.Count ?? 0);
        if (count > ViewDefinition.LinksMax)
            throw ErrorCodes.BadParameter.With($"a view has at most {ViewDefinition.LinksMax} links, not {count}");
        ulong IdOf(string collection) => transaction.Catalog.GetCollection(collection).WireId;
        return view with
        {
            Links = settings.Links.ToImmutableSortedDictionary(link => IdOf(link.Key), link => link.Value),
            Stored = settings.Stored,
            ScoreOrders = settings.ScoreOrders ?? view.ScoreOrders,
            IsSemantic = settings.SemanticLinks is not null,
            SemanticLinks = (settings.SemanticLinks ?? ImmutableDictionary<string, ImmutableArray<SemanticField>>.Empty).ToImmutableSortedDictionary(link => IdOf(link.Key), link => link.Value),
        };
    }

    /// <summary>A view is named as a collection is, or has the name of one behind the words that make it that collection's own, however long that is.</summary>
    private static void CheckName(string name)
    {
        var own = name.StartsWith(ViewDefinition.CollectionViewPrefix, StringComparison.Ordinal) ? name[ViewDefinition.CollectionViewPrefix.Length..] : "";
        if (!CollectionName.IsValid(own, isSystem: own.StartsWith('_')))
            CollectionName.Check(name, isSystem: false);
    }

    private static void CheckNameIsFree(FabricTransaction transaction, string name)
    {
        if (transaction.Catalog.TryGetCollection(name, out _) || transaction.Catalog.TryGetView(name, out _))
            throw ErrorCodes.DuplicateName.With($"a collection or view '{name}' exists");
    }
}
