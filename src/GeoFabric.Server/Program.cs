return await GeoFabric.Server.Commands.CommandLine.RunAsync(args);
