namespace GeoFabric.Cluster.Tests.Checking;

/// <summary>The value of a register; <see langword="null"/> is absent.</summary>
internal readonly record struct RegisterState(string? Value);

/// <param name="Result">What a read or an exchange found, or whether a comparison held; not looked at where <paramref name="IsKnown"/> is not set.</param>
internal readonly record struct RegisterStep(ObjectAction Action, string? Argument, string? Expected, string? Result, bool IsKnown);

/// <summary>A register with reads, writes, exchanges and comparisons. Answers: the value found, "true" or "false" of a comparison, nothing of a write.</summary>
internal sealed class RegisterModel : ObjectModel<RegisterState, RegisterStep>
{
    public override RegisterState Initial => default;

    /// <summary>The operations on single keys that a history's transactions make, to judge keys that are read and written at their home.</summary>
    /// <remarks>A transaction on several keys gives one operation for each, so that it is one step is not judged; <see cref="StrictSerializabilityChecker"/> does.</remarks>
    public static IEnumerable<ObjectOperation> OperationsOf(History history, Func<HistoryTransaction, bool>? isStrong = null) =>
        from transaction in history.Transactions
        where isStrong?.Invoke(transaction) != false
        from key in transaction.Operations.GroupBy(operation => operation.Key, StringComparer.Ordinal)
        let isKnown = transaction.Outcome == TransactionOutcome.Ok
        let read = isKnown && !key.First().IsWrite
        let write = key.Any(operation => operation.IsWrite)
        where read || write
        select new ObjectOperation
        {
            Client = transaction.Session,
            RequestId = transaction.Name,
            Key = key.Key,
            Action = !write ? ObjectAction.Read : read ? ObjectAction.Exchange : ObjectAction.Write,
            Argument = write ? key.Last(operation => operation.IsWrite).Value : null,
            Result = read ? key.First().Value : null,
            Call = transaction.Call,
            Return = transaction.Return,
            Outcome = transaction.Outcome,
        };

    public override IEnumerable<IReadOnlyList<ObjectOperation>> Partition(IEnumerable<ObjectOperation> operations) =>
        base.Partition(operations).Select(LeaveOutUnseen).Where(group => group.Count > 0);

    public override RegisterStep Parse(ObjectOperation operation) =>
        operation.Action is ObjectAction.Read or ObjectAction.Write or ObjectAction.Exchange or ObjectAction.CompareAndSet
            ? new RegisterStep(operation.Action, operation.Argument, operation.Expected, operation.Result, operation.Outcome == TransactionOutcome.Ok)
            : throw NoSuchOperation(operation);

    public override bool TryApply(RegisterState state, RegisterStep step, out RegisterState next)
    {
        next = state;
        switch (step.Action)
        {
            case ObjectAction.Read:
                return !step.IsKnown || step.Result == state.Value;
            case ObjectAction.Write:
                next = new RegisterState(step.Argument);
                return true;
            case ObjectAction.Exchange:
                next = new RegisterState(step.Argument);
                return !step.IsKnown || step.Result == state.Value;
            default:
                var isSet = state.Value == step.Expected;
                if (isSet)
                    next = new RegisterState(step.Argument);
                return !step.IsKnown || step.Result == (isSet ? "true" : "false");
        }
    }

    /// <summary>
    /// Drops unknown operations whose value nobody found or asked for: the next one that changes the register makes them as if they had not been.
    /// Only a comparison that did not hold may owe that to any value.
    /// </summary>
    private static IReadOnlyList<ObjectOperation> LeaveOutUnseen(IReadOnlyList<ObjectOperation> group)
    {
        if (group.Any(operation => operation is { Action: ObjectAction.CompareAndSet, Outcome: TransactionOutcome.Ok, Result: "false" }))
            return group;
        var seen = group.Select(operation => (Value: operation.Result, IsSeen: operation is { Outcome: TransactionOutcome.Ok, Action: ObjectAction.Read or ObjectAction.Exchange }))
            .Concat(group.Select(operation => (Value: operation.Expected, IsSeen: operation.Action == ObjectAction.CompareAndSet)))
            .Where(value => value.IsSeen)
            .Select(value => new RegisterState(value.Value))
            .ToHashSet();
        return [.. group.Where(operation => operation.Outcome == TransactionOutcome.Ok || (operation.Action != ObjectAction.Read && seen.Contains(new RegisterState(operation.Argument))))];
    }
}
