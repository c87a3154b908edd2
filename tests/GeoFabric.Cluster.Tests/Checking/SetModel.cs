using System.Collections.Immutable;

namespace GeoFabric.Cluster.Tests.Checking;

/// <summary>The elements of a set, compared by value.</summary>
internal sealed class SetState(ImmutableSortedSet<string> elements) : IEquatable<SetState>
{
    private readonly int _hash = elements.Aggregate(0, (hash, element) => hash ^ element.GetHashCode(StringComparison.Ordinal));

    public ImmutableSortedSet<string> Elements => elements;

    public bool Equals(SetState? other) => other is not null && (ReferenceEquals(elements, other.Elements) || elements.SequenceEqual(other.Elements));

    public override bool Equals(object? obj) => Equals(obj as SetState);

    public override int GetHashCode() => _hash;

    public override string ToString() => $"{{{string.Join(',', elements)}}}";
}

/// <param name="Argument">The element; <see langword="null"/> for a read of all.</param>
/// <param name="Result">As of the operation; <see langword="null"/> where the answer did not tell.</param>
internal readonly record struct SetStep(ObjectAction Action, string? Argument, string? Result, bool IsKnown);

/// <summary>
/// A set of texts. Answers: "true" or "false" of <see cref="ObjectAction.Contains"/>; the same of additions and removals that tell whether they changed
/// anything; of a read all elements in ordinal order, joined by commas.
/// </summary>
internal sealed class SetModel : ObjectModel<SetState, SetStep>
{
    public override SetState Initial { get; } = new(ImmutableSortedSet.Create<string>(StringComparer.Ordinal));

    /// <summary>Elements do not concern each other unless somebody reads all of them.</summary>
    public override IEnumerable<IReadOnlyList<ObjectOperation>> Partition(IEnumerable<ObjectOperation> operations) =>
        base.Partition(operations).SelectMany(group => group.Any(operation => operation.Action == ObjectAction.Read)
            ? [group]
            : group.GroupBy(operation => operation.Argument, StringComparer.Ordinal).Select(IReadOnlyList<ObjectOperation> (element) => element.ToList()));

    public override SetStep Parse(ObjectOperation operation) => operation switch
    {
        { Action: ObjectAction.Read, Argument: null } or { Action: ObjectAction.Add or ObjectAction.Remove or ObjectAction.Contains, Argument: not null } =>
            new SetStep(operation.Action, operation.Argument, operation.Result, operation.Outcome == TransactionOutcome.Ok),
        _ => throw NoSuchOperation(operation),
    };

    public override bool TryApply(SetState state, SetStep step, out SetState next)
    {
        next = state;
        if (step.Argument is not { } element)
            return !step.IsKnown || (step.Result ?? "") == string.Join(',', state.Elements);
        var elements = step.Action switch
        {
            ObjectAction.Add => state.Elements.Add(element),
            ObjectAction.Remove => state.Elements.Remove(element),
            _ => state.Elements,
        };
        var isChanged = !ReferenceEquals(elements, state.Elements);
        if (isChanged)
            next = new SetState(elements);
        var answer = step.Action == ObjectAction.Contains ? state.Elements.Contains(element) : isChanged;
        return !step.IsKnown || step.Result is null || step.Result == (answer ? "true" : "false");
    }
}
