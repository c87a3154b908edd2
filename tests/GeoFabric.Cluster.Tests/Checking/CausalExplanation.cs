using System.Text;

namespace GeoFabric.Cluster.Tests.Checking;

/// <summary>Says in words why transactions cannot be ordered.</summary>
internal sealed class CausalExplanation(ReadsFrom reads, CausalOrder order)
{
    public string OfCycle(List<CommitEdge> found)
    {
        // What clients did comes first, what the axiom makes of it last; also, no run of session steps is cut in two.
        var start = Enumerable.Range(0, found.Count).FirstOrDefault(i => !IsForced(found[i]) && IsForced(found[i == 0 ? ^1 : i - 1]));
        List<CommitEdge> cycle = [.. found.Skip(start), .. found.Take(start)];
        var text = new StringBuilder($"{cycle.Count} transactions would have to commit before each other");
        var named = new List<int>();
        for (var i = 0; i < cycle.Count; i++)
        {
            var edge = cycle[i];
            var end = i;
            // A run of session steps is one step to the reader.
            while (edge.Kind == CommitEdgeKind.Session && end + 1 < cycle.Count && cycle[end + 1].Kind == CommitEdgeKind.Session)
                end++;
            i = end;
            text.Append($"\n  {NameOf(edge.From)} -> {NameOf(cycle[end].To)}: {ReasonOf(edge)}");
            named.AddRange(edge.From, cycle[end].To);
            if (edge.Reader >= 0)
                named.Add(edge.Reader);
        }
        return Append(text, named);
    }

    /// <summary>Of a read of the absent version, whose "later" writer is the state before all.</summary>
    public string OfMissed(CommitEdge edge) => Append(new StringBuilder(MissedVersion(edge)), [edge.From, edge.Reader]);

    /// <summary>How a cause came to be known to an effect: <c>c1#0 -> c2#3 (reads x), c2#3 -> c2#4 (session)</c>.</summary>
    public string PathOf(int cause, int effect)
    {
        var path = order.Path(cause, effect);
        var steps = new List<string>();
        for (var i = 0; i + 1 < path.Count; i++)
        {
            var start = i;
            while (i + 2 < path.Count && IsSessionStep(path[i], path[i + 1]) && IsSessionStep(path[i + 1], path[i + 2]))
                i++;
            var reason = IsSessionStep(path[i], path[i + 1]) ? "session" : $"reads {KeysRead(path[i], path[i + 1])}";
            steps.Add($"{NameOf(path[start])} -> {NameOf(path[i + 1])} ({reason})");
        }
        return string.Join(", ", steps);
    }

    private string ReasonOf(CommitEdge edge) => edge.Kind switch
    {
        CommitEdgeKind.Session => "same session",
        CommitEdgeKind.ReadsFrom => $"{NameOf(edge.To)} reads {reads.Describe(edge.Key, edge.From)}",
        _ => MissedVersion(edge),
    };

    private string MissedVersion(CommitEdge edge) =>
        $"{NameOf(edge.Reader)} reads {reads.Describe(edge.Key, edge.To)}, not {reads.Describe(edge.Key, edge.From)}, which it had to see: {PathOf(edge.From, edge.Reader)}";

    private string Append(StringBuilder text, IEnumerable<int> transactions)
    {
        foreach (var transaction in transactions.Distinct())
            text.Append($"\n    {reads.Transactions[transaction]}");
        return text.ToString();
    }

    private static bool IsForced(CommitEdge edge) => edge.Kind > CommitEdgeKind.ReadsFrom;

    private bool IsSessionStep(int from, int to) => order.SessionPredecessor(to) == from;

    private string KeysRead(int writer, int reader) =>
        string.Join(' ', reads.ReadsOf(reader).Where(read => read.Writer == writer).Select(read => reads.KeyOf(read.Key)));

    private string NameOf(int transaction) => reads.Transactions[transaction].Name;
}
