using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace GeoFabric.Cluster.Tests.Checking;

/// <summary>A transaction's first read of a key that it had not written itself.</summary>
/// <param name="Writer">The transaction whose version it is, or <see cref="ReadsFrom.Initial"/>.</param>
internal readonly record struct ExternalRead(int Key, int Writer);

/// <summary>Who read whose versions: the history with transactions and keys as numbers, and what is wrong with single reads.</summary>
/// <remarks>
/// <para>A transaction is present if it was acknowledged, or if its outcome is unknown and a present one read from it. An unknown one that
/// nobody saw constrains nothing: leaving it out never makes a consistent history inconsistent. Reads of absent transactions are not judged.</para>
/// <para>A read that found nothing is one of the initial version, unless somebody deletes the key: then it may be any of the deletions, and is left undetermined.</para>
/// </remarks>
internal sealed class ReadsFrom
{
    /// <summary>The writer of every key's first version, which is that the key is absent.</summary>
    public const int Initial = -1;

    /// <summary>Below <see cref="Initial"/>: nobody's, or nobody knows whose.</summary>
    private const int NoWriter = -2;

    private readonly CheckReport _report;
    private readonly bool _isClockGlobal;
    private readonly Dictionary<string, int> _keyNumbers = new(StringComparer.Ordinal);
    private readonly List<string> _keys = [];
    private readonly Dictionary<(int Key, string Value), (int Transaction, int Operation)> _writes = [];
    private readonly HashSet<int> _deletedKeys = [];
    private readonly bool[] _isPresent;
    private readonly ImmutableArray<ExternalRead>[] _reads;
    private readonly ImmutableArray<int>[] _writtenKeys;

    /// <param name="report">Gets what is wrong with single reads.</param>
    /// <param name="isClockGlobal">Whether times of different sessions come from one clock. Else only the order inside a transaction tells a read from the future.</param>
    public ReadsFrom(History history, CheckReport report, bool isClockGlobal)
    {
        Transactions = history.Transactions;
        _report = report;
        _isClockGlobal = isClockGlobal;
        _isPresent = new bool[Transactions.Count];
        _reads = new ImmutableArray<ExternalRead>[Transactions.Count];
        _writtenKeys = new ImmutableArray<int>[Transactions.Count];
        for (var transaction = 0; transaction < Transactions.Count; transaction++)
            IndexWrites(transaction);
        FindPresent();
        for (var transaction = 0; transaction < Transactions.Count; transaction++)
            _reads[transaction] = _isPresent[transaction] ? FindReads(transaction) : [];
    }

    public IReadOnlyList<HistoryTransaction> Transactions { get; }

    public int KeyCount => _keys.Count;

    public string KeyOf(int key) => _keys[key];

    public bool IsPresent(int transaction) => _isPresent[transaction];

    public bool IsAcknowledged(int transaction) => Transactions[transaction].Outcome == TransactionOutcome.Ok;

    /// <summary>Whether somebody may have deleted the key.</summary>
    public bool IsDeleted(int key) => _deletedKeys.Contains(key);

    /// <summary>One for each key read, in the order of reading. Reads that are anomalies of their own are not among them.</summary>
    public ImmutableArray<ExternalRead> ReadsOf(int transaction) => _reads[transaction];

    /// <summary>Each key once, ascending.</summary>
    public ImmutableArray<int> WrittenKeysOf(int transaction) => _writtenKeys[transaction];

    public bool Writes(int transaction, int key) => _writtenKeys[transaction].BinarySearch(key) >= 0;

    public bool TryGetKey(string name, out int key) => _keyNumbers.TryGetValue(name, out key);

    public bool TryGetWriter(int key, string value, out int transaction)
    {
        var isFound = _writes.TryGetValue((key, value), out var write);
        transaction = write.Transaction;
        return isFound;
    }

    /// <summary>What the transaction leaves at a key that it writes; <see langword="null"/> is a deletion.</summary>
    public string? FinalValue(int transaction, int key)
    {
        var operations = Transactions[transaction].Operations;
        for (var i = operations.Count - 1; i >= 0; i--)
        {
            if (operations[i].IsWrite && operations[i].Key == _keys[key])
                return operations[i].Value;
        }
        throw new ArgumentException($"{Transactions[transaction].Name} does not write {_keys[key]}.");
    }

    /// <summary>A version for people: <c>x=7 of c1#3</c>.</summary>
    public string Describe(int key, int writer) =>
        writer == Initial ? $"{_keys[key]} as absent" : $"{_keys[key]}={FinalValue(writer, key) ?? "none"} of {Transactions[writer].Name}";

    private void IndexWrites(int transaction)
    {
        var operations = Transactions[transaction].Operations;
        var written = new HashSet<int>();
        for (var i = 0; i < operations.Count; i++)
        {
            var operation = operations[i];
            var key = NumberOf(operation.Key);
            if (!operation.IsWrite)
                continue;
            written.Add(key);
            if (operation.Value is { } value)
                _writes.Add((key, value), (transaction, i));
            else if (Transactions[transaction].Outcome != TransactionOutcome.Failed)
                _deletedKeys.Add(key);
        }
        _writtenKeys[transaction] = [.. written.Order()];
    }

    private int NumberOf(string key)
    {
        ref var number = ref CollectionsMarshal.GetValueRefOrAddDefault(_keyNumbers, key, out var exists);
        if (!exists)
        {
            number = _keys.Count;
            _keys.Add(key);
        }
        return number;
    }

    private void FindPresent()
    {
        var pending = new Stack<int>();
        for (var transaction = 0; transaction < Transactions.Count; transaction++)
        {
            if (IsAcknowledged(transaction))
                Enter(transaction, pending);
        }
        while (pending.TryPop(out var reader))
        {
            foreach (var operation in Transactions[reader].Operations)
            {
                if (operation is { IsWrite: false, Value: { } value }
                    && TryGetWriter(_keyNumbers[operation.Key], value, out var writer)
                    && Transactions[writer].Outcome == TransactionOutcome.Unknown)
                    Enter(writer, pending);
            }
        }
    }

    private void Enter(int transaction, Stack<int> pending)
    {
        if (_isPresent[transaction])
            return;
        _isPresent[transaction] = true;
        pending.Push(transaction);
    }

    private ImmutableArray<ExternalRead> FindReads(int transaction)
    {
        var reads = ImmutableArray.CreateBuilder<ExternalRead>();
        var own = new Dictionary<int, string?>();
        var seen = new Dictionary<int, string?>();
        var operations = Transactions[transaction].Operations;
        for (var i = 0; i < operations.Count; i++)
        {
            var operation = operations[i];
            var key = _keyNumbers[operation.Key];
            if (operation.IsWrite)
                own[key] = operation.Value;
            else if (own.TryGetValue(key, out var written))
            {
                if (written != operation.Value)
                    Report(AnomalyKind.OwnWriteMissed, $"after writing {written ?? "none"} it reads {operation}", transaction);
            }
            else if (!seen.TryAdd(key, operation.Value))
            {
                if (seen[key] != operation.Value)
                    Report(AnomalyKind.NonRepeatableRead, $"after reading {seen[key] ?? "none"} it reads {operation}", transaction);
            }
            else
            {
                var writer = FindWriter(transaction, i, key, operation);
                if (writer >= Initial)
                    reads.Add(new ExternalRead(key, writer));
            }
        }
        return reads.DrainToImmutable();
    }

    private int FindWriter(int transaction, int index, int key, HistoryOperation operation)
    {
        if (operation.Value is not { } value)
        {
            if (!_deletedKeys.Contains(key))
                return Initial;
            _report.UndeterminedCount++;
            return NoWriter;
        }
        if (!_writes.TryGetValue((key, value), out var write))
        {
            Report(AnomalyKind.ThinAirRead, $"{operation}, which nobody wrote", transaction);
            return NoWriter;
        }
        var (writer, writeIndex) = write;
        if (writer == transaction)
        {
            Report(AnomalyKind.FutureRead, $"{operation} comes before the write of it, operations {index} and {writeIndex}", transaction);
            return NoWriter;
        }
        if (Transactions[writer].Outcome == TransactionOutcome.Failed)
        {
            Report(AnomalyKind.AbortedRead, $"{operation} was written by {Transactions[writer].Name}, which failed", transaction, writer);
            return NoWriter;
        }
        if (_isClockGlobal && Transactions[writer].Call > Transactions[transaction].Return)
        {
            Report(AnomalyKind.FutureRead, $"{operation} was answered before {Transactions[writer].Name} began to write it", transaction, writer);
            return NoWriter;
        }
        if (FinalValue(writer, key) != value)
            Report(AnomalyKind.IntermediateRead, $"{operation} was overwritten inside {Transactions[writer].Name}", transaction, writer);
        return writer;
    }

    private void Report(AnomalyKind kind, string reason, params int[] transactions) =>
        _report.Add(kind, () => $"{Transactions[transactions[0]].Name} {reason}{string.Concat(transactions.Select(transaction => $"\n    {Transactions[transaction]}"))}");
}
