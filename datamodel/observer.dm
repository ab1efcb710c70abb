# SPDX-License-Identifier: GPL-2.0-or-later

class Observer
  doc What is traced of the server's work, and where traces go.
  prototyped 23.14.0
  writer pool-admin
  flags constructor

field uuid dynamic string
  doc Lasting, unique name of the observer.

field name__label rw string = ""
  doc Name people gave the observer; it need not be unique.
  since rio

field name__description rw string = ""
  doc Free text about the observer.
  since rio

field hosts static set(ref(host)) = []
  doc Hosts that trace; none means all.
  flags dangling

field attributes static map(string,string) = {}
  doc Keys added to each trace.

field endpoints static set(string) = []
  doc Where traces go: files or HTTP collectors.

field components static set(string) = []
  doc Programs that trace; none means all.

field enabled static bool = false
  doc Whether it traces.

message register
  doc Makes it known to a host.
  role pool-admin
  flags hidden
  param self ref(Observer)
  param host ref(host)

message unregister
  doc Removes it from a host.
  role pool-admin
  flags hidden
  param self ref(Observer)
  param host ref(host)

message set_hosts
  doc Chooses the hosts that trace.
  role pool-admin
  param self ref(Observer)
  param value set(ref(host))

message set_enabled
  doc Starts or stops tracing.
  role pool-admin
  param self ref(Observer)
  param value bool

message set_attributes
  doc Replaces the keys added to each trace.
  role pool-admin
  param self ref(Observer)
  param value map(string,string)

message set_endpoints
  doc Replaces where traces go.
  role pool-admin
  param self ref(Observer)
  param value set(string)

message set_components
  doc Chooses the programs that trace.
  role pool-admin
  param self ref(Observer)
  param value set(string)
