using System.Text.RegularExpressions;

namespace GeoFabric.Cluster.Tests.Checking;

/// <summary>Short histories for examples.</summary>
internal static partial class Histories
{
    private static readonly TimeSpan Slot = TimeSpan.FromMilliseconds(2);

    /// <summary>Reads one transaction a line, as in <c>c1: r(x=1) w(y=2)</c>, <c>c1@us: r(y=2)</c> or <c>c1 failed: w(x=none)</c>.</summary>
    /// <remarks>
    /// A session's transactions follow one another. Those with the same place in different sessions run at the same time,
    /// so real time says nothing of their order.
    /// </remarks>
    public static History Of(params string[] lines)
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        var transactions = new List<HistoryTransaction>();
        foreach (var line in lines)
        {
            var match = Line().Match(line);
            Assert.True(match.Success, line);
            var session = match.Groups["session"].Value;
            var index = counts.GetValueOrDefault(session);
            counts[session] = index + 1;
            var operations = Operation().Matches(line).Select(operation => new HistoryOperation(
                operation.Groups["kind"].Value == "w",
                operation.Groups["key"].Value,
                operation.Groups["value"].Value is "none" ? null : operation.Groups["value"].Value));
            var outcome = match.Groups["outcome"].Value is { Length: > 0 } text ? Enum.Parse<TransactionOutcome>(text, ignoreCase: true) : TransactionOutcome.Ok;
            transactions.Add(Transaction(session, index, [.. operations]) with
            {
                Outcome = outcome,
                Region = match.Groups["region"].Value is { Length: > 0 } region ? region : "eu",
            });
        }
        return new History(transactions);
    }

    public static HistoryTransaction Transaction(string session, int index, params HistoryOperation[] operations) => new()
    {
        Session = session,
        Index = index,
        Region = "eu",
        Operations = operations,
        Call = Slot * index,
        Return = (Slot * index) + (Slot / 2),
        Outcome = TransactionOutcome.Ok,
    };

    [GeneratedRegex(@"^(?<session>\w+)(?:@(?<region>\w+))?(?: (?<outcome>ok|unknown|failed))?:")]
    private static partial Regex Line();

    [GeneratedRegex(@"(?<kind>[rw])\((?<key>\w+)=(?<value>\w+)\)")]
    private static partial Regex Operation();
}
