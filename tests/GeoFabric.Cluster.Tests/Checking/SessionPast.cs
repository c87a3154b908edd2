using System.Collections.Immutable;

namespace GeoFabric.Cluster.Tests.Checking;

/// <summary>What each session had written and read of each key by a point in it.</summary>
/// <remarks>Transactions are numbered by session and index, so those of one session are neighbours, in its order. Only acknowledged ones count.</remarks>
internal sealed class SessionPast
{
    private readonly ReadsFrom _reads;
    private readonly VersionOrder _versions;

    /// <summary>The first transaction of the session that a transaction belongs to.</summary>
    private readonly int[] _sessionStarts;

    /// <summary>By key: its writers, ascending.</summary>
    private readonly List<int>[] _writers;

    /// <summary>By key: the transactions that read from a writer of it, ascending, and the newest such writers that their session had met by then.</summary>
    private readonly (List<int> Readers, List<ImmutableArray<int>> Newest)[] _met;

    public SessionPast(ReadsFrom reads, VersionOrder versions)
    {
        _reads = reads;
        _versions = versions;
        _sessionStarts = new int[reads.Transactions.Count];
        _writers = new List<int>[reads.KeyCount];
        _met = new (List<int>, List<ImmutableArray<int>>)[reads.KeyCount];
        for (var key = 0; key < reads.KeyCount; key++)
        {
            _writers[key] = [];
            _met[key] = ([], []);
        }
        for (var transaction = 0; transaction < _sessionStarts.Length; transaction++)
            Add(transaction);
    }

    public int SessionStart(int transaction) => _sessionStarts[transaction];

    /// <summary>The last transaction before this one in its session that wrote the key, or -1.</summary>
    public int LastWriterBefore(int transaction, int key)
    {
        var index = LastIndexBelow(_writers[key], transaction);
        return index >= 0 && _writers[key][index] >= _sessionStarts[transaction] ? _writers[key][index] : -1;
    }

    /// <summary>The newest writers of the key that the session had read from, by any key, before this transaction; several where no order between them is known.</summary>
    public ImmutableArray<int> MetBefore(int transaction, int key) => Met(transaction, key, transaction);

    /// <summary>As <see cref="MetBefore"/>, with what the transaction itself read from.</summary>
    public ImmutableArray<int> MetWith(int transaction, int key) => Met(transaction, key, transaction + 1);

    private void Add(int transaction)
    {
        var isSameSession = transaction > 0 && _reads.Transactions[transaction].Session == _reads.Transactions[transaction - 1].Session;
        _sessionStarts[transaction] = isSameSession ? _sessionStarts[transaction - 1] : transaction;
        if (!_reads.IsAcknowledged(transaction))
            return;
        foreach (var key in _reads.WrittenKeysOf(transaction))
            _writers[key].Add(transaction);
        foreach (var read in _reads.ReadsOf(transaction))
        {
            if (read.Writer == ReadsFrom.Initial)
                continue;
            foreach (var key in _reads.WrittenKeysOf(read.Writer))
                Meet(transaction, read.Writer, key);
        }
    }

    private void Meet(int reader, int writer, int key)
    {
        var known = MetWith(reader, key);
        if (known.Any(other => other == writer || _versions.IsOlder(writer, other)))
            return;
        _met[key].Readers.Add(reader);
        _met[key].Newest.Add([.. known.Where(other => !_versions.IsOlder(other, writer)), writer]);
    }

    private ImmutableArray<int> Met(int transaction, int key, int bound)
    {
        var (readers, newest) = _met[key];
        var index = LastIndexBelow(readers, bound);
        return index >= 0 && readers[index] >= _sessionStarts[transaction] ? newest[index] : [];
    }

    /// <summary>The index of the last number below a bound, or -1; numbers may repeat.</summary>
    private static int LastIndexBelow(List<int> numbers, int bound)
    {
        var low = 0;
        var high = numbers.Count;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (numbers[middle] < bound)
                low = middle + 1;
            else
                high = middle;
        }
        return low - 1;
    }
}
