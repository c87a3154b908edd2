using System.Collections.Immutable;
using GeoFabric.Database;
using GeoFabric.Database.Catalog;
using GeoFabric.Query.Expressions;

namespace GeoFabric.Query.Optimizer;

/// <summary>What rules may know beyond the plan: figures of the data, and a context for folding constants.</summary>
/// <param name="slotCount">Width of the query's rows before optimization.</param>
/// <param name="throwIfStopped">Throws when the query is to end.</param>
public sealed class OptimizerContext(IFabricReader reader, int slotCount, Action throwIfStopped)
{
    /// <summary>Steps that rules may add to a query by taking others apart. Steps ask each other for rows, so their number is a matter of the stack.</summary>
    private const int StepsAddedMax = 500;

    private readonly IFabricReader _reader = reader;
    private int _stepsLeft = StepsAddedMax;
    private readonly SortedDictionary<uint, (CollectionDefinition Collection, long Documents)> _sizes = [];

    /// <summary>For figures about a plan that is made.</summary>
    public static OptimizerContext ForEstimates(IFabricReader reader) => new(reader, 0, static () => { });

    /// <summary>Width of the rows, with the variables that rules have made.</summary>
    public int SlotCount { get; private set; } = slotCount;

    /// <summary>Whether the plan that a rule looks at is one of a subquery that may run more than once.</summary>
    public bool RunsAgain { get; set; }

    /// <summary>Called by rules for each step they look at, at least where that looks at others again.</summary>
    public void ThrowIfStopped() => throwIfStopped();

    /// <summary>How many steps a rule may add of those it wants to; they are used up with that.</summary>
    public int TakeSteps(int wanted)
    {
        var taken = Math.Min(wanted, _stepsLeft);
        _stepsLeft -= taken;
        return taken;
    }

    /// <summary>A variable of a rule's own.</summary>
    /// <param name="meaning">What it holds, as people read it in a plan.</param>
    public Variable NewVariable(string meaning) => new(SlotCount++, meaning);

    /// <summary>The collections whose size has been asked for.</summary>
    public ImmutableArray<(CollectionDefinition Collection, long Documents)> Sizes => [.. _sizes.Values];

    public long EstimateDocuments(CollectionDefinition collection)
    {
        if (!_sizes.TryGetValue(collection.Id, out var size))
            _sizes[collection.Id] = size = (collection, _reader.EstimateDocuments(collection));
        return size.Documents;
    }

    /// <summary>Documents that an index is expected to find.</summary>
    internal double EstimateRows(CollectionDefinition collection, IndexMatch match) =>
        IndexEstimate.Rows(_reader, collection, match.Index, match.Equalities, match.Lower, match.Upper);
}
