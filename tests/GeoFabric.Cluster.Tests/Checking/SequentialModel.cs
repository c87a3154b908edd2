namespace GeoFabric.Cluster.Tests.Checking;

/// <summary>What an object does when operations come one after the other.</summary>
/// <typeparam name="TState">Compared by value.</typeparam>
/// <typeparam name="TStep">An operation as the model reads it, compared by value.</typeparam>
internal abstract class SequentialModel<TState, TStep>
    where TState : IEquatable<TState>
    where TStep : notnull
{
    public abstract TState Initial { get; }

    /// <summary>Takes a step, if the answer that the client got is the one this state gives. A step of unknown outcome has no answer and always fits.</summary>
    public abstract bool TryApply(TState state, TStep step, out TState next);
}

/// <summary>The model of an object that clients use by <see cref="ObjectOperation"/>s.</summary>
internal abstract class ObjectModel<TState, TStep> : SequentialModel<TState, TStep>
    where TState : IEquatable<TState>
    where TStep : notnull
{
    /// <exception cref="ArgumentException">The object has no such operation.</exception>
    public abstract TStep Parse(ObjectOperation operation);

    /// <summary>
    /// Splits operations into groups that are judged alone: a history is linearizable if and only if that of each object is
    /// (Herlihy and Wing's locality), and small groups are what makes the search fast. Unknown operations that explain no answer may be left out.
    /// </summary>
    public virtual IEnumerable<IReadOnlyList<ObjectOperation>> Partition(IEnumerable<ObjectOperation> operations) =>
        operations.GroupBy(operation => operation.Key, StringComparer.Ordinal).Select(group => group.ToList());

    protected static ArgumentException NoSuchOperation(ObjectOperation operation) => new($"This object has no {operation.Action}: {operation}");
}
