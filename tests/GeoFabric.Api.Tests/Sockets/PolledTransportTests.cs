using System.Buffers;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using GeoFabric.Server.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace GeoFabric.Api.Tests.Sockets;

/// <summary>Connections whose work runs on the threads that wait for sockets: nothing is lost, nobody is held up, and ends are seen by the other side.</summary>
public sealed class PolledTransportTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    /// <summary>More work that blocks than there are threads to begin with.</summary>
    [Fact]
    public async Task Long_work_on_every_thread_holds_up_no_other_connection()
    {
        using var work = new BlockingWork();
        await using var server = await TestListener.StartAsync(EchoLinesAsync(work.Do));
        var blockers = await work.BlockThreadsAsync(server, 3 * Environment.ProcessorCount);

        using var other = await server.ConnectAsync();
        for (var round = 0; round < 20; round++)
            Assert.Equal($"hello {round}", await other.AskAsync($"hello {round}"));

        Assert.True(server.Threads > 3 * Environment.ProcessorCount, $"{server.Threads} threads");
        await work.ReleaseAsync(blockers);
    }

    [Fact]
    public async Task Spare_threads_leave_once_the_others_are_back()
    {
        using var work = new BlockingWork();
        await using var server = await TestListener.StartAsync(EchoLinesAsync(work.Do));
        Assert.Equal(Environment.ProcessorCount, server.Threads);
        var blockers = await work.BlockThreadsAsync(server, 2 * Environment.ProcessorCount);
        Assert.True(server.Threads >= 2 * Environment.ProcessorCount, $"{server.Threads} threads");

        await work.ReleaseAsync(blockers);

        await UntilAsync(() => server.Threads == Environment.ProcessorCount);
        using var other = await server.ConnectAsync();
        Assert.Equal("still here", await other.AskAsync("still here"));
    }

    /// <summary>Bytes both ways at once, in odd pieces, beyond every buffer on the way, to a client that takes them late.</summary>
    [Theory]
    [InlineData(1, 0)]
    [InlineData(4096, 0)]
    [InlineData(8 << 20, 0)]
    [InlineData(8 << 20, 200)]
    public async Task Every_byte_arrives_in_order(int count, int lateMilliseconds)
    {
        await using var server = await TestListener.StartAsync(EchoBytesAsync);
        var sent = new byte[count];
        new Random(count).NextBytes(sent);
        using var client = new TcpClient();
        await client.ConnectAsync(server.Address, TestContext.Current.CancellationToken);
        var stream = client.GetStream();
        var sending = Task.Run(async () =>
        {
            var random = new Random(7);
            for (var at = 0; at < sent.Length;)
            {
                var length = Math.Min(random.Next(1, 70_000), sent.Length - at);
                await stream.WriteAsync(sent.AsMemory(at, length));
                at += length;
            }
            client.Client.Shutdown(SocketShutdown.Send);
        }, TestContext.Current.CancellationToken);
        await Task.Delay(TimeSpan.FromMilliseconds(lateMilliseconds), TimeProvider.System, TestContext.Current.CancellationToken);

        using var received = new MemoryStream();
        await stream.CopyToAsync(received, TestContext.Current.CancellationToken).WaitAsync(s_patience, TestContext.Current.CancellationToken);
        await sending;

        Assert.Equal(sent, received.ToArray());
    }

    [Fact]
    public async Task Many_connections_at_once_each_get_their_own()
    {
        await using var server = await TestListener.StartAsync(EchoLinesAsync(_ => { }));

        await Task.WhenAll(Enumerable.Range(0, 100).Select(async number =>
        {
            using var client = await server.ConnectAsync();
            for (var round = 0; round < 50; round++)
                Assert.Equal($"{number} {round}", await client.AskAsync($"{number} {round}"));
        }));

        await UntilAsync(() => server.Open == 0);
    }

    /// <summary>Bytes and the end behind them may come as one event.</summary>
    [Fact]
    public async Task An_end_right_behind_bytes_is_seen()
    {
        await using var server = await TestListener.StartAsync(EchoBytesAsync);
        for (var round = 0; round < 200; round++)
        {
            using var client = new TcpClient();
            await client.ConnectAsync(server.Address, TestContext.Current.CancellationToken);
            client.NoDelay = true;
            using var reader = new StreamReader(client.GetStream());
            await client.GetStream().WriteAsync("bytes"u8.ToArray(), TestContext.Current.CancellationToken);
            client.Client.Shutdown(SocketShutdown.Send);
            Assert.Equal("bytes", await reader.ReadToEndAsync(TestContext.Current.CancellationToken).WaitAsync(s_patience, TestContext.Current.CancellationToken));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_client_that_goes_away_ends_its_connection(bool abruptly)
    {
        var closed = new TaskCompletionSource();
        var started = new TaskCompletionSource();
        await using var server = await TestListener.StartAsync(async connection =>
        {
            connection.ConnectionClosed.Register(closed.SetResult);
            started.SetResult();
            await closed.Task;
        });
        var client = new TcpClient();
        await client.ConnectAsync(server.Address, TestContext.Current.CancellationToken);
        await started.Task.WaitAsync(s_patience, TestContext.Current.CancellationToken);
        if (abruptly)
            client.LingerState = new LingerOption(true, 0);
        client.Dispose();

        await closed.Task.WaitAsync(s_patience, TestContext.Current.CancellationToken);
        await UntilAsync(() => server.Open == 0);
    }

    /// <summary>A client that takes nothing must not keep a connection, nor the server's stop, waiting for good.</summary>
    [Fact]
    public async Task An_aborted_connection_ends_while_its_client_takes_nothing()
    {
        await using var server = await TestListener.StartAsync(async connection =>
        {
            var output = connection.Transport.Output;
            var written = output.WriteAsync(new byte[16 << 20]);
            connection.Abort(new ConnectionAbortedException("enough"));
            await written;
        });
        using var client = new TcpClient();
        await client.ConnectAsync(server.Address, TestContext.Current.CancellationToken);

        await UntilAsync(() => server.Handled == 1 && server.Open == 0);
        // Not an end, as of an answer that is whole.
        await Assert.ThrowsAsync<IOException>(() => client.GetStream().CopyToAsync(Stream.Null, TestContext.Current.CancellationToken).WaitAsync(s_patience, TestContext.Current.CancellationToken));
    }

    /// <summary>Whoever works for a client that has gone is to know, though the thread that would read the end is at that very work.</summary>
    [Fact]
    public async Task A_client_that_goes_is_noticed_while_its_request_is_handled()
    {
        var working = 0;
        var noticed = 0;
        await using var server = await TestListener.StartAsync(connection => EchoLinesAsync(line =>
        {
            if (line != "work")
                return;
            Interlocked.Increment(ref working);
            if (connection.ConnectionClosed.WaitHandle.WaitOne(s_patience))
                Interlocked.Increment(ref noticed);
        })(connection));
        for (var i = 1; i <= 10; i++)
        {
            using (var client = await server.ConnectAsync())
            {
                await client.AskAsync("first");
                await client.SendAsync("work");
                await UntilAsync(() => Volatile.Read(ref working) == i);
            }
            await UntilAsync(() => Volatile.Read(ref noticed) == i);
        }
    }

    /// <summary>A server that stops gives up connections whose requests would hold it up.</summary>
    [Fact]
    public async Task Work_for_a_connection_that_is_given_up_is_told()
    {
        var working = new TaskCompletionSource<ConnectionContext>();
        var noticed = 0;
        await using var server = await TestListener.StartAsync(connection => EchoLinesAsync(line =>
        {
            if (line != "work")
                return;
            working.SetResult(connection);
            if (connection.ConnectionClosed.WaitHandle.WaitOne(s_patience))
                Interlocked.Increment(ref noticed);
        })(connection));
        using var client = await server.ConnectAsync();
        await client.AskAsync("first");
        await client.SendAsync("work");

        (await working.Task.WaitAsync(s_patience, TestContext.Current.CancellationToken)).Abort(new ConnectionAbortedException("the server stops"));

        await UntilAsync(() => Volatile.Read(ref noticed) == 1);
    }

    /// <summary>An end behind what was sent is no reason to drop the work for it.</summary>
    [Fact]
    public async Task A_client_that_only_says_that_it_sends_no_more_gets_what_it_asked_for()
    {
        await using var server = await TestListener.StartAsync(EchoBytesAsync);
        for (var i = 0; i < 20; i++)
        {
            using var client = new TcpClient();
            await client.ConnectAsync(server.Address, TestContext.Current.CancellationToken);
            var sent = new byte[200_000];
            new Random(i).NextBytes(sent);
            var sending = client.GetStream().WriteAsync(sent, TestContext.Current.CancellationToken).AsTask().ContinueWith(_ => client.Client.Shutdown(SocketShutdown.Send), TestContext.Current.CancellationToken, TaskContinuationOptions.None, TaskScheduler.Default);
            var received = new MemoryStream();
            await client.GetStream().CopyToAsync(received, TestContext.Current.CancellationToken).WaitAsync(s_patience, TestContext.Current.CancellationToken);
            await sending;
            Assert.Equal(sent, received.ToArray());
        }
    }

    [Fact]
    public async Task No_thread_is_left_behind()
    {
        var server = await TestListener.StartAsync(EchoBytesAsync);
        Assert.Equal(Environment.ProcessorCount, server.Threads);

        await server.DisposeAsync();

        Assert.Equal(-1, server.Threads);
        using var again = new TcpListener(server.Address);
        again.Start();
        Assert.Equal(server.Address, again.LocalEndpoint);
    }

    /// <summary>What ends on one of its threads may be what the server waits for to stop.</summary>
    [Fact]
    public async Task A_thread_that_waits_for_sockets_may_stop_it_all()
    {
        var stopped = new TaskCompletionSource();
        TestListener? server = null;
        server = await TestListener.StartAsync(EchoLinesAsync(line =>
        {
            if (!stopped.Task.IsCompleted && Thread.CurrentThread.Name?.StartsWith("sockets of", StringComparison.Ordinal) == true)
            {
                server!.StopThreads();
                stopped.SetResult();
            }
        }));
        using var client = await server.ConnectAsync();

        // A line that is there before the handler asks for it is handled on another thread; the next one may not be.
        await UntilAsync(() =>
        {
            client.Send("line");
            return stopped.Task.IsCompleted;
        });
        await UntilAsync(() => server.Threads == -1);
    }

    private static async Task UntilAsync(Func<bool> isSo)
    {
        var deadline = Environment.TickCount64 + (long)s_patience.TotalMilliseconds;
        while (!isSo())
        {
            Assert.True(Environment.TickCount64 < deadline, "it did not come to it in time");
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }

    private static async Task EchoBytesAsync(ConnectionContext connection)
    {
        while (true)
        {
            var read = await connection.Transport.Input.ReadAsync();
            foreach (var piece in read.Buffer)
                connection.Transport.Output.Write(piece.Span);
            connection.Transport.Input.AdvanceTo(read.Buffer.End);
            await connection.Transport.Output.FlushAsync();
            if (read.IsCompleted)
                return;
        }
    }

    private static ConnectionDelegate EchoLinesAsync(Action<string> work) => async connection =>
    {
        while (true)
        {
            var read = await connection.Transport.Input.ReadAsync();
            var rest = read.Buffer;
            while (rest.PositionOf((byte)'\n') is { } end)
            {
                var line = Encoding.UTF8.GetString(rest.Slice(0, end));
                work(line);
                await connection.Transport.Output.WriteAsync(Encoding.UTF8.GetBytes(line + "\n"));
                rest = rest.Slice(rest.GetPosition(1, end));
            }
            connection.Transport.Input.AdvanceTo(rest.Start, rest.End);
            if (read.IsCompleted)
                return;
        }
    };

    /// <summary>Work that blocks the thread it runs on when the line says so, until it is released.</summary>
    private sealed class BlockingWork : IDisposable
    {
        private readonly ManualResetEventSlim _release = new();
        private int _polling;
        private int _blocked;

        public void Do(string line)
        {
            if (line != "block")
                return;
            if (Thread.CurrentThread.Name?.StartsWith("sockets of", StringComparison.Ordinal) == true)
                Interlocked.Increment(ref _polling);
            Interlocked.Increment(ref _blocked);
            _release.Wait(s_patience * 2);
        }

        /// <summary>Blocks so many of the threads that wait for sockets.</summary>
        public async Task<List<LineClient>> BlockThreadsAsync(TestListener server, int threads)
        {
            var blockers = new List<LineClient>();
            // A line that is there before the handler asks for it is handled where that began, so some take another thread.
            while (Volatile.Read(ref _polling) < threads)
            {
                Assert.InRange(blockers.Count, 0, threads * 4);
                blockers.Add(await server.ConnectAsync());
                await blockers[^1].AskAsync("first");
                await blockers[^1].SendAsync("block");
                await UntilAsync(() => Volatile.Read(ref _blocked) == blockers.Count);
            }
            return blockers;
        }

        public async Task ReleaseAsync(List<LineClient> blockers)
        {
            Assert.False(_release.IsSet);
            _release.Set();
            foreach (var blocker in blockers)
            {
                Assert.Equal("block", await blocker.ReadLineAsync());
                blocker.Dispose();
            }
        }

        public void Dispose() => _release.Dispose();
    }

    /// <summary>A listener that runs a handler for each connection, as the web server does.</summary>
    private sealed class TestListener : IAsyncDisposable
    {
        private readonly IConnectionListener _listener;
        private readonly Task _accepting;
        private readonly ConcurrentBag<Task> _handling = [];
        private int _open;
        private int _handled;

        private TestListener(IConnectionListener listener, ConnectionDelegate handle)
        {
            _listener = listener;
            Address = (IPEndPoint)listener.EndPoint;
            _accepting = AcceptAsync(handle);
        }

        public IPEndPoint Address { get; }

        public int Threads => ((PolledListener)_listener).Poller.Threads;

        public int Open => Volatile.Read(ref _open);

        public int Handled => Volatile.Read(ref _handled);

        public static async Task<TestListener> StartAsync(ConnectionDelegate handle)
        {
            var builder = WebApplication.CreateSlimBuilder();
            await using var application = builder.Build();
            var transport = new PolledTransport(application.Services.GetRequiredService<IMemoryPoolFactory<byte>>(), Options.Create(new KestrelServerOptions()));
            return new TestListener(await transport.BindAsync(new IPEndPoint(IPAddress.Loopback, 0)), handle);
        }

        public void StopThreads() => ((PolledListener)_listener).Poller.Dispose();

        public async Task<LineClient> ConnectAsync()
        {
            var client = new TcpClient();
            await client.ConnectAsync(Address);
            return new LineClient(client);
        }

        public async ValueTask DisposeAsync()
        {
            await _listener.UnbindAsync();
            await _accepting;
            await Task.WhenAll(_handling);
            await _listener.DisposeAsync();
        }

        private async Task AcceptAsync(ConnectionDelegate handle)
        {
            while (await _listener.AcceptAsync() is { } connection)
                _handling.Add(Task.Run(() => HandleAsync(handle, connection)));
        }

        private async Task HandleAsync(ConnectionDelegate handle, ConnectionContext connection)
        {
            Interlocked.Increment(ref _open);
            try
            {
                await handle(connection);
            }
            catch (ConnectionAbortedException)
            {
                // What a handler gets that reads or writes when its client is gone.
            }
            await connection.DisposeAsync();
            Interlocked.Increment(ref _handled);
            Interlocked.Decrement(ref _open);
        }
    }

    private sealed class LineClient(TcpClient client) : IDisposable
    {
        private readonly StreamReader _reader = new(client.GetStream());

        public void Send(string line) => client.GetStream().Write(Encoding.UTF8.GetBytes(line + "\n"));

        public async Task SendAsync(string line) => await client.GetStream().WriteAsync(Encoding.UTF8.GetBytes(line + "\n"));

        public Task<string?> ReadLineAsync() => _reader.ReadLineAsync().WaitAsync(s_patience);

        public async Task<string?> AskAsync(string line)
        {
            await SendAsync(line);
            return await ReadLineAsync();
        }

        public void Dispose()
        {
            _reader.Dispose();
            client.Dispose();
        }
    }
}
