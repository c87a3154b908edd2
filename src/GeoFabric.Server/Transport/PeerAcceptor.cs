using GeoFabric.Primitives.Errors;

namespace GeoFabric.Server.Transport;

/// <summary>Takes the lanes that other regions open, and brings the two of a session together.</summary>
/// <param name="find">The link to a region; throws <see cref="PeerRefusedException"/> when there is to be none now.</param>
internal sealed class PeerAcceptor(Func<ushort, PeerLink> find, PeerLinkOptions options, TimeProvider clock)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(ushort Region, string Session), Arrival> _arrivals = [];

    /// <summary>Serves one lane for as long as its session lasts.</summary>
    public async Task ServeAsync(HttpContext http, ushort region, PeerLane lane)
    {
        var link = find(region);
        var id = PeerAuthentication.Header(http, PeerHandshake.SessionHeader);
        var (arrival, isFirst) = Arrive(region, id, lane);
        var session = arrival.Session;
        await using var aborted = http.RequestAborted.Register(() => session.Close(PeerCloseReason.Broken, "the connection was lost"));
        try
        {
            http.Response.StatusCode = 200;
            await http.Response.StartAsync(session.Ended);
            await http.Response.Body.FlushAsync(session.Ended);
            // The first lane of the two runs the session; this one only carries it.
            var run = isFirst ? link.RunAsync(session) : Task.CompletedTask;
            await Task.WhenAll(session.SendAllAsync(lane, http.Response.Body), session.ReceiveAllAsync(lane, http.Request.Body), run);
        }
        catch (OperationCanceledException)
        {
            session.Close(PeerCloseReason.Broken, "the connection was lost");
        }
        finally
        {
            if (Leave(region, id, arrival))
                await session.DisposeAsync();
        }
    }

    private (Arrival Arrival, bool IsFirst) Arrive(ushort region, string id, PeerLane lane)
    {
        lock (_gate)
        {
            var isFirst = !_arrivals.TryGetValue((region, id), out var arrival);
            if (isFirst)
                _arrivals[(region, id)] = arrival = new Arrival(new PeerSession(id, options, clock));
            if (!arrival!.Lanes.Add(lane))
                throw new PeerRefusedException("lane", ErrorCodes.DuplicateName.Describe($"lane {lane} of session {id} is open already"));
            arrival.Present++;
            return (arrival, isFirst);
        }
    }

    /// <returns>Whether that was the last lane.</returns>
    private bool Leave(ushort region, string id, Arrival arrival)
    {
        lock (_gate)
        {
            arrival.Present--;
            if (arrival.Present > 0)
                return false;
            _arrivals.Remove((region, id));
            return true;
        }
    }

    private sealed class Arrival(PeerSession session)
    {
        public PeerSession Session => session;

        public HashSet<PeerLane> Lanes { get; } = [];

        public int Present { get; set; }
    }
}
