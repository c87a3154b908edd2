using System.Net;

namespace GeoFabric.Server.Transport;

/// <summary>Keeps a link up from this side: connects, and connects again after a pause that grows while it is of no use. The region of smaller number dials.</summary>
internal sealed class PeerDialer(PeerLink link, PeerClient client, PeerLinkOptions options, TimeProvider clock, Random random)
{
    /// <summary>A session that lasted this long was no failure.</summary>
    private static readonly TimeSpan s_useful = TimeSpan.FromSeconds(2);

    /// <param name="isWanted">Whether the link should be up now.</param>
    public async Task RunAsync(Func<bool> isWanted, CancellationToken cancellationToken)
    {
        var failures = 0;
        while (!cancellationToken.IsCancellationRequested)
        {
            var began = clock.GetTimestamp();
            // What is not tried does not fail: the first attempt after it comes at once.
            var isTried = isWanted() && link.Fault.AllowsLink;
            if (isTried)
                await ConnectAsync(cancellationToken);
            failures = !isTried || clock.GetElapsedTime(began) > s_useful ? 0 : failures + 1;
            await PauseAsync(failures, cancellationToken);
        }
    }

    private async Task ConnectAsync(CancellationToken cancellationToken)
    {
        var session = new PeerSession(PeerHandshake.NewSession(), options, clock);
        await using var registration = cancellationToken.Register(() => session.Close(PeerCloseReason.Stopped, ""));
        try
        {
            await Task.WhenAll(TryOpenLaneAsync(session, PeerLane.Control), TryOpenLaneAsync(session, PeerLane.Bulk));
            await link.RunAsync(session);
        }
        catch (Exception error)
        {
            // Whatever it was, the next attempt is what helps; nobody else dials.
            link.NoteFailure(error is PeerRefusedException ? $"{PeerCloseReason.Refused}: {error.Message}" : $"{PeerCloseReason.Broken}: {Innermost(error)}");
        }
        finally
        {
            await session.DisposeAsync();
        }
    }

    /// <summary>Opens a lane; when that fails, the other one is not waited for.</summary>
    private async Task TryOpenLaneAsync(PeerSession session, PeerLane lane)
    {
        try
        {
            await OpenLaneAsync(session, lane);
        }
        catch
        {
            session.Close(PeerCloseReason.Broken, "");
            throw;
        }
    }

    private async Task OpenLaneAsync(PeerSession session, PeerLane lane)
    {
        var content = new LaneContent(session, lane);
        var response = await client.SendAsync(HttpMethod.Post, $"/gfr/1/link/{(int)lane}", lane, content, session.Id, cancellationToken: session.Ended)
            .WaitAsync(options.ConnectTimeout, clock, session.Ended);
        session.Own(response);
        var stream = await response.Content.ReadAsStreamAsync(session.Ended);
        _ = session.ReceiveAllAsync(lane, stream);
    }

    private async Task PauseAsync(int failures, CancellationToken cancellationToken)
    {
        var longest = Math.Min(options.RetryPauseMax.TotalMilliseconds, options.RetryPause.TotalMilliseconds * Math.Pow(2, Math.Min(failures, 16)));
        // Between half and all of it: peers that lost each other at the same moment do not come back at the same moment.
        double part;
        lock (random)
            part = 0.5 + (random.NextDouble() / 2);
        var pause = TimeSpan.FromMilliseconds(longest * part);
        try
        {
            await Task.Delay(pause, clock, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // The loop ends.
        }
    }

    private static string Innermost(Exception error) => error.GetBaseException().Message;

    /// <summary>A request body that lasts as long as the session.</summary>
    private sealed class LaneContent(PeerSession session, PeerLane lane) : HttpContent
    {
        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
        {
            await stream.FlushAsync(cancellationToken);
            await session.SendAllAsync(lane, stream);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
