using GeoFabric.Primitives.Clocks;

namespace GeoFabric.Cluster.Tests.Checking;

/// <summary>Collects the history of a run from its clients, which may run on several threads.</summary>
internal sealed class HistoryRecorder
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, int> _nextIndexes = new(StringComparer.Ordinal);
    private readonly HashSet<RecordedCall> _open = [];
    private readonly List<HistoryTransaction> _ended = [];

    /// <param name="now">Since the run began.</param>
    public RecordedCall Begin(string session, string region, TimeSpan now, RecordedToken? tokenSent = null)
    {
        lock (_gate)
        {
            var index = _nextIndexes.GetValueOrDefault(session);
            _nextIndexes[session] = index + 1;
            var call = new RecordedCall(this, session, index, region, now, tokenSent);
            _open.Add(call);
            return call;
        }
    }

    /// <summary>What was recorded so far; calls that have not ended count as unknown.</summary>
    public History ToHistory(TimeSpan now)
    {
        lock (_gate)
            return new History(_ended.Concat(_open.Select(call => call.ToTransaction(TransactionOutcome.Unknown, now))));
    }

    internal void End(RecordedCall call, HistoryTransaction transaction)
    {
        lock (_gate)
        {
            if (!_open.Remove(call))
                throw new InvalidOperationException($"{transaction.Name} has ended before.");
            _ended.Add(transaction);
        }
    }
}

/// <summary>A transaction that is being recorded by the client that runs it.</summary>
internal sealed class RecordedCall(HistoryRecorder recorder, string session, int index, string region, TimeSpan call, RecordedToken? tokenSent)
{
    private readonly Lock _gate = new();
    private readonly List<HistoryOperation> _operations = [];

    public void Add(HistoryOperation operation)
    {
        lock (_gate)
            _operations.Add(operation);
    }

    public void End(TransactionOutcome outcome, TimeSpan now, RevisionStamp? stamp = null, RecordedToken? tokenReturned = null) =>
        recorder.End(this, ToTransaction(outcome, now) with { Stamp = stamp, TokenReturned = tokenReturned });

    internal HistoryTransaction ToTransaction(TransactionOutcome outcome, TimeSpan now)
    {
        lock (_gate)
        {
            return new HistoryTransaction
            {
                Session = session,
                Index = index,
                Region = region,
                Operations = [.. _operations],
                Call = call,
                Return = now,
                Outcome = outcome,
                TokenSent = tokenSent,
            };
        }
    }
}
