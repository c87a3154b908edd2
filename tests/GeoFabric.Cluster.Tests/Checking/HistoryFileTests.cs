using System.Collections.Immutable;
using GeoFabric.Primitives.Clocks;

namespace GeoFabric.Cluster.Tests.Checking;

public sealed class HistoryFileTests : IDisposable
{
    private readonly string _path = Path.GetTempFileName();

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void A_history_read_back_equals_the_one_written()
    {
        var recorder = new HistoryRecorder();
        var token = new RecordedToken(7, ImmutableSortedDictionary<ushort, ulong>.Empty.Add(3, ulong.MaxValue));
        var first = recorder.Begin("client \"1\"", "eu", TimeSpan.FromTicks(1), token);
        first.Add(HistoryOperation.Read("x", null));
        first.Add(HistoryOperation.Write("ключ", "line\nfeed"));
        first.End(TransactionOutcome.Ok, TimeSpan.FromTicks(123_456_789), new RevisionStamp(new HybridTimestamp(ulong.MaxValue), 9), token);
        var second = recorder.Begin("client \"1\"", "us", TimeSpan.FromHours(30));
        second.Add(HistoryOperation.Delete("x"));
        second.End(TransactionOutcome.Failed, TimeSpan.FromHours(31));
        recorder.Begin("client 2", "us", TimeSpan.Zero).Add(HistoryOperation.Write("x", "1"));
        var written = recorder.ToHistory(TimeSpan.FromHours(32));

        HistoryFile.Write(_path, written);
        var read = HistoryFile.Read(_path);

        Assert.Equal(written.Transactions.Select(transaction => transaction.ToString()), read.Transactions.Select(transaction => transaction.ToString()));
        Assert.Equal(written.Transactions.Select(transaction => transaction.Stamp), read.Transactions.Select(transaction => transaction.Stamp));
        Assert.Equal(token.ToString(), read.Transactions[0].TokenSent?.ToString());
        Assert.Equal(token.ToString(), read.Transactions[0].TokenReturned?.ToString());
        Assert.Equal(TransactionOutcome.Unknown, read.Transactions[2].Outcome);
        Assert.Equal(TimeSpan.FromTicks(123_456_789), read.Transactions[0].Return);
    }

    [Fact]
    public void A_line_has_the_documented_form()
    {
        var transaction = Histories.Transaction("c1", 0, HistoryOperation.Read("x", null), HistoryOperation.Write("y", "1"));

        Assert.Equal(
            """{"session":"c1","index":0,"region":"eu","operations":[["r","x",null],["w","y","1"]],"call":"00:00:00","return":"00:00:00.0010000","outcome":"ok"}""",
            HistoryFile.ToLine(transaction));
    }

    [Fact]
    public void A_last_line_that_was_cut_off_is_left_out()
    {
        var line = HistoryFile.ToLine(Histories.Transaction("c1", 0, HistoryOperation.Write("y", "1")));
        File.WriteAllText(_path, $"{line}\n{line[..40]}");

        Assert.Equal("c1#0", Assert.Single(HistoryFile.Read(_path).Transactions).Name);
    }

    [Fact]
    public void A_session_that_overlaps_itself_is_refused()
    {
        var first = Histories.Transaction("c1", 0, HistoryOperation.Write("x", "1"));
        var second = Histories.Transaction("c1", 1, HistoryOperation.Write("x", "2")) with { Call = first.Return - TimeSpan.FromTicks(1) };

        Assert.Throws<ArgumentException>(() => new History([first, second]));
    }

    [Fact]
    public void A_value_written_twice_to_a_key_is_refused() =>
        Assert.Throws<ArgumentException>(() => Histories.Of("c1: w(x=1)", "c2: w(x=1)"));
}
