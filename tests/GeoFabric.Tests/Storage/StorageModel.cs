using System.Globalization;
using GeoFabric.Storage;

namespace GeoFabric.Tests.Storage;

/// <summary>A sorted dictionary that undergoes the same random works as an engine; checked inside the works and after each round.</summary>
internal sealed class StorageModel(Random random)
{
    private sealed class PlannedFailureException : Exception;

    private SortedDictionary<string, string> _committed = new(StringComparer.Ordinal);
    private int _ascending;

    /// <summary>A few works queued together, some of which fail in the end and must leave nothing.</summary>
    public async Task RunRoundAsync(IStorageEngine engine)
    {
        var works = new List<(Task Task, bool Fails)>();
        for (var i = random.Next(1, 5); i > 0; i--)
        {
            var fails = random.Next(4) == 0;
            var seed = random.Next();
            works.Add((engine.WriteAsync(t => RunWork(t, new Random(seed), fails)), fails));
        }
        foreach (var (task, fails) in works)
        {
            if (fails)
                await Assert.ThrowsAsync<PlannedFailureException>(() => task);
            else
                await task;
        }
    }

    public void Verify(IStorageEngine engine)
    {
        using var snapshot = engine.OpenSnapshot();
        Compare(snapshot, _committed, random);
    }

    private void RunWork(IWriteTransaction transaction, Random choice, bool fails)
    {
        var state = Copy(_committed);
        var savepoints = new Stack<(Savepoint Savepoint, SortedDictionary<string, string> State)>();
        var steps = choice.Next(1, 120);
        for (var step = 0; step < steps; step++)
        {
            switch (choice.Next(13))
            {
                case < 6:
                    var (key, value) = (Key(choice), Value(choice));
                    transaction.Put(key, value);
                    state[key] = value;
                    break;
                case < 8:
                    key = Key(choice);
                    Assert.Equal(state.Remove(key), transaction.Delete(key));
                    break;
                case 8:
                    DeleteRange(transaction, state, choice);
                    break;
                case 9:
                    savepoints.Push((transaction.Mark(), Copy(state)));
                    break;
                case 10:
                    PutAscending(transaction, state, choice);
                    break;
                case 11 when savepoints.Count > 0:
                    var (savepoint, saved) = savepoints.Peek();
                    transaction.RollbackTo(savepoint);
                    state = Copy(saved);
                    break;
                default:
                    key = Key(choice);
                    Assert.Equal(state.GetValueOrDefault(key), transaction.Get(key));
                    break;
            }
        }
        Compare(transaction, state, choice);
        if (fails)
            throw new PlannedFailureException();
        _committed = state;
    }

    /// <summary>Keys right behind each other, with others behind them: generated keys look like that.</summary>
    private void PutAscending(IWriteTransaction transaction, SortedDictionary<string, string> state, Random choice)
    {
        var start = choice.Next(1, 4) * 100;
        for (var i = choice.Next(1, 30); i > 0; i--)
        {
            var (key, value) = ($"{start}+{_ascending++:D8}", Value(choice));
            transaction.Put(key, value);
            state[key] = value;
        }
    }

    private static void DeleteRange(IWriteTransaction transaction, SortedDictionary<string, string> state, Random choice)
    {
        var range = Range(choice);
        var limit = choice.Next(0, 20);
        var doomed = Inside(state, range).Take(limit).Select(entry => entry.Key).ToList();

        Assert.Equal(doomed.Count, transaction.DeleteRange(range, limit));
        foreach (var key in doomed)
            state.Remove(key);
    }

    private static void Compare(IStorageReader reader, SortedDictionary<string, string> state, Random choice)
    {
        var range = choice.Next(3) == 0 ? KeyRange.All : Range(choice);
        var expected = Inside(state, range).Select(entry => $"{entry.Key}={entry.Value}").ToList();

        Assert.Equal(string.Join(' ', expected), reader.Scan(range));
        expected.Reverse();
        Assert.Equal(string.Join(' ', expected), reader.Scan(range, ScanDirection.Backward));

        for (var i = 0; i < 40; i++)
        {
            var asked = Key(choice);
            Assert.Equal(state.ContainsKey(asked), reader.Contains(asked.Bytes()));
        }

        var sought = Key(choice);
        using var cursor = reader.OpenCursor(range, ScanDirection.Backward);
        var atOrBefore = Inside(state, range).LastOrDefault(entry => string.CompareOrdinal(entry.Key, sought) <= 0);
        Assert.Equal(atOrBefore.Key, cursor.Seek(sought.Bytes()) ? cursor.Key.Text() : null);
    }

    private static IEnumerable<KeyValuePair<string, string>> Inside(SortedDictionary<string, string> state, KeyRange range) =>
        state.Where(entry => range.Contains(entry.Key.Bytes()));

    private static SortedDictionary<string, string> Copy(SortedDictionary<string, string> state) => new(state, StringComparer.Ordinal);

    private static KeyRange Range(Random choice) => StorageTestExtensions.Range(Key(choice), choice.Next(4) == 0 ? null : Key(choice));

    private static string Key(Random choice) =>
        choice.Next(20) == 0
            ? new string((char)('a' + choice.Next(3)), choice.Next(1, 512))
            : choice.Next(400).ToString("D3", CultureInfo.InvariantCulture);

    private static string Value(Random choice) => choice.Next(30) switch
    {
        0 => "",
        1 => new string('L', choice.Next(4000, 20_000)),
        2 => new string('M', choice.Next(1000, 2100)),
        _ => new string((char)('a' + choice.Next(26)), choice.Next(1, 60)),
    };
}
